"""A betting tree as text: one line an action, indented by two blanks a level; a deal reads ``[chance]``."""

from engine.solver.tree.nodes import BettingTree, Move

_NAMES = {Move.BET: "Bet", Move.RAISE: "Raise", Move.ALL_IN: "AllIn"}
_PLAIN = {Move.FOLD: "Fold", Move.CHECK: "Check", Move.CALL: "Call", Move.DEAL: "[chance]", Move.ROOT: "(root)"}


def action_name(tree: BettingTree, node: int) -> str:
    """How a node is reached from its parent: ``Check``, ``Call``, ``Raise(300)``."""
    move = Move(int(tree.move[node]))
    return _PLAIN[move] if move in _PLAIN else f"{_NAMES[move]}({int(tree.to[node])})"


def action_names(tree: BettingTree, node: int) -> tuple[str, ...]:
    """The actions at a node, in the order of its children."""
    return tuple(action_name(tree, child) for child in tree.children_of(node))


def listing(tree: BettingTree) -> str:
    """The whole tree below its root, with a line break at the end of each line."""
    depth = [0] * tree.size
    lines = []
    for node in range(1, tree.size):
        above = int(tree.parent[node])
        # what follows a deal stands level with it: the deal is nobody's action
        depth[node] = depth[above] if tree.move[above] == Move.DEAL else depth[above] + 1
        lines.append("  " * (depth[node] - 1) + action_name(tree, node) + "\n")
    return "".join(lines)
