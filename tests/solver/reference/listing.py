"""Betting trees written by hand: one line an action, indented by two spaces a level.

``Check``, ``Fold``, ``Call``, ``Bet 60``, ``Raise 180``, ``AllIn 400`` (what the mover has put in on this street
afterwards) and ``Deal``. Chips are counted here, apart from the product's builder.
"""

from dataclasses import dataclass, field

import numpy as np

from engine.solver.tree.nodes import BettingTree, Move, NodeKind

MOVES = {
    "Fold": Move.FOLD,
    "Check": Move.CHECK,
    "Call": Move.CALL,
    "Bet": Move.BET,
    "Raise": Move.RAISE,
    "AllIn": Move.ALL_IN,
    "Deal": Move.DEAL,
}


@dataclass(slots=True)
class Line:
    """One line: its move, the amount, and the lines below it."""

    move: Move
    to: int
    below: list["Line"] = field(default_factory=list)


@dataclass(slots=True)
class Written:
    """The tree's columns, in the order of the lines."""

    kind: list[int] = field(default_factory=list)
    move: list[int] = field(default_factory=list)
    street: list[int] = field(default_factory=list)
    to: list[int] = field(default_factory=list)
    paid: list[tuple[int, int]] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    children: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    folded: list[int] = field(default_factory=list)


def tree_of(text: str, pot: int, street: int, to_act: int = 0, bets: tuple[int, int] = (0, 0)) -> BettingTree:
    """The tree of a listing that begins on ``street`` (3 to 5 board cards) with ``bets`` before the players."""
    written = Written()
    _write(written, Line(Move.ROOT, 0, _lines(text)), -1, street, to_act, bets, (0, 0), -1)
    return BettingTree(
        kind=np.array(written.kind, dtype=np.int8),
        move=np.array(written.move, dtype=np.int8),
        street=np.array(written.street, dtype=np.int8),
        to=np.array(written.to, dtype=np.int64),
        paid=np.array(written.paid, dtype=np.int64),
        parent=np.array(written.parent, dtype=np.int32),
        first_child=np.array(written.first, dtype=np.int32),
        children=np.array(written.children, dtype=np.int32),
        end=np.array(written.end, dtype=np.int32),
        folded=np.array(written.folded, dtype=np.int8),
        pot=pot,
    )


def _lines(text: str) -> list[Line]:
    """The lines of the first level; each holds those that are indented below it."""
    rows = [row for row in text.splitlines() if row.strip()]
    margin = min(len(row) - len(row.lstrip()) for row in rows)
    levels: list[list[Line]] = [[]]
    for row in rows:
        depth, (name, *amount) = (len(row) - len(row.lstrip()) - margin) // 2, row.split()
        line = Line(MOVES[name], int(amount[0]) if amount else 0)
        levels[depth].append(line)
        levels[depth + 1 :] = [line.below]
    return levels[0]


def _write(
    written: Written,
    line: Line,
    parent: int,
    street: int,
    actor: int,
    bets: tuple[int, int],
    before: tuple[int, int],
    folded: int,
) -> None:
    """Append a line and what is below it; ``actor`` is who acts after the line."""
    number = len(written.kind)
    kind = _kind(line, actor)
    written.kind.append(kind)
    written.move.append(line.move)
    written.street.append(street)
    written.to.append(line.to if line.move is not Move.CALL else max(bets))
    written.paid.append((before[0] + bets[0], before[1] + bets[1]))
    written.parent.append(parent)
    written.first.append(number + 1 if line.below else -1)
    written.children.append(len(line.below))
    written.end.append(0)
    written.folded.append(folded)
    for child in line.below:
        if child.move is Move.DEAL:
            total = (before[0] + bets[0], before[1] + bets[1])
            _write(written, child, number, street + 1, 0, (0, 0), total, -1)
        else:
            _write(
                written,
                child,
                number,
                street,
                1 - actor,
                _bets_after(child, actor, bets),
                before,
                actor if child.move is Move.FOLD else -1,
            )
    written.end[number] = len(written.kind)


def _kind(line: Line, actor: int) -> NodeKind:
    if line.move is Move.FOLD:
        return NodeKind.FOLD
    if not line.below:
        return NodeKind.SHOWDOWN
    return NodeKind.CHANCE if line.below[0].move is Move.DEAL else NodeKind(actor)


def _bets_after(line: Line, actor: int, bets: tuple[int, int]) -> tuple[int, int]:
    to = {Move.FOLD: bets[actor], Move.CHECK: bets[actor], Move.CALL: max(bets)}.get(line.move, line.to)
    return (to, bets[1]) if actor == 0 else (bets[0], to)
