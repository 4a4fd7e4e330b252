"""Solutions on disk: the strategies and values of the root's street, and on request all that is needed to go on.

The format is described in docs/solution_format.md; nothing in a file is ever run.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, NonNegativeInt, ValidationError

from engine.game.ranges import COMBO_COUNT
from engine.solver.array_file import Array, ArrayFile, ArrayFileError, read, write
from engine.solver.spot import Floats, Lock, Solved, Spot, SpotError
from engine.solver.spot_document import SpotDocument
from engine.solver.subgame import Subgame, reading
from engine.solver.subgame.build import unblocked
from engine.solver.tree.nodes import BettingTree, NodeKind
from engine.solver.tree.text import action_names

VERSION: Final = 1
METHOD: Final = "discounted CFR+ in sequence form"
Cards = tuple[int, ...]
Doubles = NDArray[np.float64]
_PLAYERS: Final = ("oop", "ip")
_COLUMNS: Final = tuple(field.name for field in fields(BettingTree) if field.name != "pot")


class StoredError(ArrayFileError):
    """A file that is sound but holds no solution that can be used; the message says why."""


class About(BaseModel):
    """What a stored solution says of itself. Times in nanoseconds, amounts in chips."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)
    method: str
    spot: SpotDocument
    iterations: NonNegativeInt
    exploitability: float | None
    """In per cent of the starting pot."""
    ev: tuple[float, float] | None
    equity: tuple[float, float]
    took_ns: NonNegativeInt
    build_ns: NonNegativeInt
    memory_bytes: NonNegativeInt
    cut: bool
    threads: NonNegativeInt
    locks: tuple[NonNegativeInt, ...]
    whole: bool


@dataclass(frozen=True, slots=True, eq=False)
class StoredSolution:
    """A solution as it was stored; its arrays are views of the mapped file.

    ``nodes`` are the decisions whose strategies and values it holds: those of the root's street. ``hands`` are the
    players' live pairs, places in COMBOS. ``kept`` is what a solve needs to go on; empty unless it was stored whole.
    """

    about: About
    spot: Spot
    tree: BettingTree
    nodes: NDArray[np.int32]
    hands: tuple[NDArray[np.int16], NDArray[np.int16]]
    locks: tuple[Lock, ...]
    kept: Mapping[str, Array]
    _strategies: tuple[Floats, Floats]
    _values: tuple[Floats, Floats]

    def strategy(self, node: int, cards: Cards = ()) -> Floats:
        """The average strategy at a node, (actions, 1326) float32; 0 for pairs that are not in range."""
        self._place(node, cards)
        player = int(self.tree.kind[node])
        before = self.nodes[(self.nodes < node) & (self.tree.kind[self.nodes] == player)]
        first, actions = int(self.tree.children[before].sum()), int(self.tree.children[node])
        return _spread(self._strategies[player][first : first + actions], self.hands[player])

    def values(self, node: int, player: int, cards: Cards = ()) -> Doubles:
        """What each pair of a player expects at a node in chips, as a subgame gives it, (1326,)."""
        return _spread(self._values[player][self._place(node, cards)], self.hands[player]).astype(np.float64)

    def reach(self, node: int, player: int, cards: Cards = ()) -> Doubles:
        """How much of each pair a player brings to a node, (1326,)."""
        self._place(node, cards)
        weights = np.zeros(COMBO_COUNT)
        weights[self.hands[player]] = self.spot.ranges[player][self.hands[player]]
        child, above = node, int(self.tree.parent[node])
        while above >= 0:
            if self.tree.kind[above] == player:
                weights *= self.strategy(above)[self.tree.children_of(above).index(child)]
            child, above = above, int(self.tree.parent[above])
        return weights

    def solved(self) -> Solved:
        """The end of the solve that was stored."""
        about = self.about
        return Solved(
            iteration=about.iterations,
            exploitability=about.exploitability,
            ev=about.ev,
            root=self.strategy(0),
            took_ns=about.took_ns,
            hands=(len(self.hands[0]), len(self.hands[1])),
            equity=about.equity,
            build_ns=about.build_ns,
            memory_bytes=about.memory_bytes,
            cut=about.cut,
            actions=action_names(self.tree, 0),
        )

    def _place(self, node: int, cards: Cards) -> int:
        place = int(np.searchsorted(self.nodes, node))
        if cards or place == len(self.nodes) or self.nodes[place] != node:
            raise StoredError(
                "that node is not stored: without what a whole solution keeps, only decisions before the next card are"
            )
        return place


def save(path: Path, solved: Solved, subgame: Subgame, *, whole: bool = False) -> None:
    """Write a solution, all of it or nothing; ``whole`` keeps what is needed to go on with it. Raises OSError."""
    about = About(
        method=METHOD,
        spot=SpotDocument.of(subgame.spot, ranges=False),
        iterations=solved.iteration,
        exploitability=solved.exploitability,
        ev=solved.ev,
        equity=solved.equity,
        took_ns=solved.took_ns,
        build_ns=solved.build_ns,
        memory_bytes=solved.memory_bytes,
        cut=solved.cut,
        threads=subgame.threads,
        locks=tuple(lock.node for lock in subgame.locks),
        whole=whole,
    )
    write(path, VERSION, about.model_dump(mode="json"), dict(_arrays(subgame, whole)))


def load(path: Path) -> StoredSolution:
    """Read a stored solution and check it. Raises ArrayFileError, StoredError or OSError."""
    found = read(path, VERSION)
    try:
        about = About.model_validate_json(json.dumps(found.about))
    except ValidationError as problem:
        raise StoredError(f"{path} holds no solution: {problem.errors()[0]['msg']}") from None
    try:
        return _solution(about, found)
    except (KeyError, IndexError, SpotError, ValueError) as problem:
        raise StoredError(f"{path} holds a solution that does not fit together: {problem}") from None


def _arrays(subgame: Subgame, whole: bool) -> Iterator[tuple[str, Array]]:
    """What is written, by name."""
    tree = subgame.tree
    nodes = _decisions(tree)
    yield "ranges", np.stack(subgame.spot.ranges)
    yield "nodes", nodes
    for column in _COLUMNS:
        yield f"tree.{column}", getattr(tree, column)
    for player, name in enumerate(_PLAYERS):
        hands = subgame.hands[player]
        own = [subgame.strategy(int(node))[:, hands] for node in nodes if tree.kind[node] == player]
        yield f"hands.{name}", hands.astype(np.int16)
        yield f"strategy.{name}", np.concatenate(own) if own else np.zeros((0, len(hands)), np.float32)
        yield f"values.{name}", _values(subgame, player, nodes)[:, hands]
    for lock in subgame.locks:
        yield f"lock.{lock.node}", lock.frequencies
    if whole:
        for name, array in subgame.kept().items():
            yield f"kept.{name}", array


def resume(stored: StoredSolution, threads: int = 1) -> Subgame:
    """The subgame as it was when it was stored whole: it goes on bit for bit with the same number of threads.

    Raises StoredError when it was not stored whole.
    """
    if not stored.about.whole:
        raise StoredError("the solution was stored without what is needed to go on with it: save it whole")
    subgame = Subgame(stored.spot, stored.tree, threads, stored.locks)
    try:
        subgame.restore(stored.kept, stored.about.iterations)
    except SpotError as problem:
        subgame.close()
        raise StoredError(f"this version of the program cannot go on with the solution: {problem}") from None
    return subgame


def _values(subgame: Subgame, player: int, nodes: NDArray[np.int32]) -> Floats:
    """``Subgame.values`` of all stored nodes, (nodes, 1326), with one pass over what lies beyond the street."""
    at = reading.valuation(subgame, player, reading.place_of(subgame, 0, ()), ())
    rows = []
    for node in map(int, nodes):
        against = subgame.reach(node, 1 - player)
        met = unblocked(against)
        known = reading.possible(subgame, player, ()) & (met > 1e-12)
        share = np.divide(at.of(node, against), met, out=np.zeros(COMBO_COUNT), where=known)
        rows.append(np.where(known, share + subgame.tree.pot / 2, 0.0))
    return np.stack(rows).astype(np.float32)


def _solution(about: About, found: ArrayFile) -> StoredSolution:
    arrays = found.arrays
    oop, ip = arrays["ranges"]
    spot = about.spot.spot((oop, ip))
    tree = BettingTree(**{column: arrays[f"tree.{column}"] for column in _COLUMNS}, pot=spot.pot)
    solution = StoredSolution(
        about=about,
        spot=spot,
        tree=tree,
        nodes=arrays["nodes"],
        hands=_of_players(arrays, "hands"),
        locks=tuple(Lock(node, arrays[f"lock.{node}"]) for node in about.locks),
        kept={name.removeprefix("kept."): array for name, array in arrays.items() if name.startswith("kept.")},
        _strategies=_of_players(arrays, "strategy"),
        _values=_of_players(arrays, "values"),
    )
    _check(solution)
    return solution


def _check(found: StoredSolution) -> None:
    """That the arrays fit the tree and each other: a sound file may still have been made by another hand."""
    tree = found.tree
    if any(len(getattr(tree, column)) != tree.size for column in _COLUMNS) or tree.size == 0:
        raise StoredError("the columns of the tree differ in length")
    if not np.array_equal(found.nodes, _decisions(tree)):
        raise StoredError("the nodes are not the decisions of the root's street")
    for player in (0, 1):
        own = found.nodes[tree.kind[found.nodes] == player]
        hands = found.hands[player]
        if hands.ndim != 1 or not np.all((hands >= 0) & (hands < COMBO_COUNT)):
            raise StoredError("the hands are not places of pairs")
        if found._strategies[player].shape != (tree.children[own].sum(), len(hands)):
            raise StoredError("the strategies do not fit the tree")
        if found._values[player].shape != (len(found.nodes), len(hands)):
            raise StoredError("the values do not fit the tree")


def _of_players(arrays: Mapping[str, Array], name: str) -> tuple[Array, Array]:
    return arrays[f"{name}.oop"], arrays[f"{name}.ip"]


def _decisions(tree: BettingTree) -> NDArray[np.int32]:
    """The decisions on the root's street, ascending."""
    decides = (tree.kind == NodeKind.OOP_ACTS) | (tree.kind == NodeKind.IP_ACTS)
    return np.flatnonzero(decides & (tree.street == tree.street[0])).astype(np.int32)


def _spread(rows: Floats, hands: NDArray[np.int16]) -> Floats:
    """Values of live hands in the places of all pairs: (..., hands) to (..., 1326)."""
    spread = np.zeros((*rows.shape[:-1], COMBO_COUNT), dtype=np.float32)
    spread[..., hands] = rows
    return spread
