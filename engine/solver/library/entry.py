"""One entry of the library as a file: written from a solved game, read back as the answer to a spot."""

from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, NonNegativeInt, ValidationError

from engine.solver.array_file import Array, ArrayFile, ArrayFileError, read, write
from engine.solver.flop.game import FlopGame
from engine.solver.flop.tree import tree_to
from engine.solver.library.address import METHOD, Address, AddressError
from engine.solver.library.answer import StreetAnswer
from engine.solver.spot import Floats, Solved, Spot
from engine.solver.spot_document import SpotDocument
from engine.solver.tree.nodes import BettingTree, NodeKind

VERSION: Final = 1
SUFFIX: Final = ".flop"
_PLAYERS: Final = ("oop", "ip")


class About(BaseModel):
    """What an entry says of itself. Time in nanoseconds, exploitability in per cent of the pot."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)
    key: str
    method: str
    limit: str
    spot: SpotDocument
    iterations: NonNegativeInt
    exploitability: float | None
    took_ns: NonNegativeInt


def save(path: Path, at: Address, game: FlopGame, solved: Solved) -> None:
    """Write what a game found, the whole of it or nothing. Raises OSError."""
    tree = tree_to(at.spot, len(at.spot.board))
    nodes = _pairs(tree, game.tree)
    decisions = [node for node in nodes if tree.kind[node] <= NodeKind.IP_ACTS]
    ends = _ends(tree)
    arrays: dict[str, Array] = {}
    for player, name in enumerate(_PLAYERS):
        hands = game.hands[player]
        own = [node for node in decisions if tree.kind[node] == player]
        rows = [game.strategy(nodes[node])[:, hands] for node in own]
        arrays[f"hands_{name}"] = hands.astype("<i2")
        arrays[f"strategy_{name}"] = _halves(np.concatenate(rows) if rows else np.zeros((0, len(hands))))
        worth = [game.values(nodes[node], player)[hands] / at.spot.pot for node in ends]
        arrays[f"worth_{name}"] = _halves(np.array(worth).reshape(len(ends), len(hands)))
    about = About(
        key=at.key,
        method=METHOD,
        limit=game.limit,
        spot=SpotDocument.of(at.spot, ranges=False),
        iterations=solved.iteration,
        exploitability=solved.exploitability,
        took_ns=solved.took_ns,
    )
    write(path, VERSION, about.model_dump(mode="json"), arrays)


def load(path: Path, at: Address, spot: Spot) -> StreetAnswer:
    """The answer to ``spot``, whose address is ``at``. Raises ArrayFileError for a file that is not that entry,
    AddressError where the spot's sizes do not come to the same betting, OSError.
    """
    file = read(path, VERSION)
    about = _about(file, path)
    if (about.key, about.method) != (at.key, METHOD):
        raise ArrayFileError(f"{path} is not the entry that its name says")
    solved_tree, tree = tree_to(at.spot, len(at.spot.board)), tree_to(spot, len(spot.board))
    if not _same(solved_tree, tree):
        raise AddressError("the sizes of this spot come to another betting than those of the entry")
    back = at.relabelling.inverse()
    strategies = [_unpacked(file, name, "strategy", path) for name in _PLAYERS]
    worths = [_unpacked(file, name, "worth", path) for name in _PLAYERS]
    ends = _ends(tree)
    rows = [_rows(tree, player) for player in (0, 1)]
    expected = [rows[player][-1] for player in (0, 1)]
    if [len(each) for each in strategies] != expected or any(len(each) != len(ends) for each in worths):
        raise ArrayFileError(f"{path} holds other nodes than its spot has")
    frequencies = {}
    for player in (0, 1):
        moved = back.weights(strategies[player])
        own = np.flatnonzero(tree.kind == player)
        for node, (begin, end) in zip(own.tolist(), pairwise(rows[player]), strict=True):
            frequencies[node] = _normal(moved[begin:end])
    both = np.stack([back.weights(worth) for worth in worths], axis=1).astype(np.float64)
    return StreetAnswer(
        spot=spot,
        tree=tree,
        frequencies=frequencies,
        worth=dict(zip(ends, both, strict=True)),
        iterations=about.iterations,
        exploitability=about.exploitability,
        limit=about.limit,
        rounded=at.rounded,
    )


def _about(file: ArrayFile, path: Path) -> About:
    try:
        return About.model_validate(file.about, strict=False)
    except ValidationError as problem:
        raise ArrayFileError(
            f"{path} says nothing of itself that can be read ({problem.error_count()} errors)"
        ) from None


def _pairs(tree: BettingTree, whole: BettingTree) -> dict[int, int]:
    """Each node of the street's tree with the node of the tree that goes on over deals."""
    found, ahead = {}, [(0, 0)]
    while ahead:
        here, there = ahead.pop()
        found[here] = there
        if tree.children[here]:
            ahead.extend(zip(tree.children_of(here), whole.children_of(there), strict=True))
    return dict(sorted(found.items()))


def _ends(tree: BettingTree) -> list[int]:
    """Where the street ends with both players in."""
    found: list[int] = np.flatnonzero(tree.kind == NodeKind.SHOWDOWN).tolist()
    return found


def _rows(tree: BettingTree, player: int) -> list[int]:
    """Where the rows of each decision of a player begin, and where the last ones end."""
    found: list[int] = np.cumsum([0, *tree.children[tree.kind == player]]).tolist()
    return found


def _same(first: BettingTree, second: BettingTree) -> bool:
    return all(
        np.array_equal(getattr(first, name), getattr(second, name)) for name in ("kind", "move", "parent", "children")
    )


def _halves(numbers: NDArray[np.floating]) -> NDArray[np.int16]:
    """Numbers as float16, kept as their bits."""
    return numbers.astype("<f2").view("<i2")


def _unpacked(file: ArrayFile, player: str, what: str, path: Path) -> Floats:
    """Rows over all 1,326 pairs, 0 for those that the player does not hold."""
    try:
        hands, bits = file.arrays[f"hands_{player}"], file.arrays[f"{what}_{player}"]
    except KeyError as missing:
        raise ArrayFileError(f"{path} lacks the array {missing}") from None
    if bits.dtype != np.dtype("<i2") or bits.ndim != 2 or bits.shape[1] != len(hands):
        raise ArrayFileError(f"{path}: the array {what}_{player} is not of the shape that its hands ask for")
    if len(hands) and not 0 <= int(hands.min()) <= int(hands.max()) < 1326:
        raise ArrayFileError(f"{path}: the hands of {player} are not among the 1,326 pairs")
    found = np.zeros((len(bits), 1326), dtype=np.float32)
    found[:, hands] = bits.view("<f2")
    return found


def _normal(rows: Floats) -> Floats:
    """Frequencies that add up to 1 again after they were rounded."""
    total = rows.sum(axis=0)
    return np.where(total > 0, rows / np.where(total > 0, total, 1), 0).astype(np.float32)
