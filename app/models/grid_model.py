"""A solution as grids of the 169 classes of hands: decoded once, then only looked at. Plain numpy, no Qt."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.models.wording import action_text, chips, seat_name
from engine.game.actions import Action, ActionKind
from engine.game.cards import CardError, card_index
from engine.game.packed import PackedError, unpack
from engine.game.ranges import CLASS_COUNT, CLASS_NAMES, CLASS_OF, COMBO_COUNT, COMBOS, combo_index
from engine.game.state import TableState
from engine.solver.frequencies import by_class, overall
from engine.words import Solution

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

LEAST_WEIGHT = 0.005
"""A class that is held more rarely than this part of the most held one is blank: an average strategy keeps traces."""
_SIZED = (ActionKind.BET, ActionKind.RAISE)


class GridError(ValueError):
    """A solution whose arrays do not fit what it says of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One action of a node: what it is called, which kind it is (fold, passive, sized, all-in), and for sized ones how
    large among them, 0 to 1.
    """

    text: str
    role: str
    size: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """What a seat holds at one place of the solution, and what it does with it.

    ``reach`` (1326,) is 0 to 1, and 0 where the board leaves no such pair. ``frequencies`` and ``evs`` are
    (actions, 1326), the values in big blinds with folding at 0, NaN where they are not known. ``weight`` (169,) are
    shares of the most held class, ``shares`` (actions, 169) and ``totals`` (actions,) frequencies, ``possible`` (1326,)
    the pairs that the board leaves. Without ``columns`` it is a range alone.
    """

    seat: int
    path: str
    columns: tuple[Column, ...]
    reach: Doubles
    frequencies: Floats
    evs: Floats
    weight: Doubles
    shares: Doubles
    totals: Doubles
    possible: NDArray[np.bool_]

    @property
    def pairs(self) -> float:
        """How many pairs of cards the range holds, each counted as often as it is held."""
        return float(self.reach.sum())

    @property
    def part(self) -> float:
        """The range as a part of all pairs that the board leaves."""
        return self.pairs / max(1, int(self.possible.sum()))

    def held(self, place: int) -> bool:
        """Whether a class is in the range at all."""
        return bool(self.weight[place] >= LEAST_WEIGHT)


@dataclass(frozen=True, slots=True, eq=False)
class Grids:
    """Everything of a solution that can be looked at: the seats with a name each, and their grids in order."""

    seats: tuple[tuple[int, str], ...]
    grids: tuple[Grid, ...]
    hero: int
    hero_class: int | None

    def of(self, seat: int) -> tuple[Grid, ...]:
        """The grids of one seat."""
        return tuple(grid for grid in self.grids if grid.seat == seat)


def decode(solution: Solution, state: TableState) -> Grids:
    """The grids of a solution of ``state``: every node's, and the range alone of a seat that has no node at the spot
    itself. GridError when an array does not fit.
    """
    dead = np.isin(COMBOS, [card_index(card) for card in state.board])
    possible: NDArray[np.bool_] = np.logical_not(dead[:, 0] | dead[:, 1])
    grids = []
    for node in solution.nodes:
        columns = _columns(node.actions, state, node.seat)
        count = len(columns)
        grids.append(
            _grid(
                node.seat,
                _path(node.path, state),
                columns,
                _rows(node.reach, 1, "a reach")[0],
                _rows(node.frequencies, count, "frequencies"),
                _values(node.evs, count),
                possible,
            )
        )
    at_spot = {node.seat for node in solution.nodes if not node.path}
    nothing = np.zeros((0, COMBO_COUNT), np.float32)
    ranges = [
        _grid(each.seat, "Range now", (), _rows(each.weights, 1, "a range")[0], nothing, nothing, possible)
        for each in solution.ranges
        if each.seat not in at_spot
    ]
    grids = ranges + grids
    order = sorted({grid.seat for grid in grids}, key=lambda seat: (seat != state.hero, seat))
    names = tuple((seat, seat_name(state, seat)) for seat in order)
    return Grids(names, tuple(grids), state.hero, _class_of(state.hole))


def class_at(row: int, column: int) -> int:
    """The class at a place of the 13 x 13 grid: pairs on the diagonal, suited above, offsuit below."""
    return 13 * row + column


def pairs_of(place: int) -> NDArray[np.int64]:
    """The pairs of a class, the highest cards first."""
    return np.flatnonzero(place == CLASS_OF)[::-1]


def _grid(
    seat: int,
    path: str,
    columns: tuple[Column, ...],
    reach: Floats,
    frequencies: Floats,
    evs: Floats,
    possible: NDArray[np.bool_],
) -> Grid:
    if not np.isfinite(reach).all() or not np.isfinite(frequencies).all() or (reach < 0).any():
        raise GridError("a solution holds weights or frequencies that are no numbers from 0 up")
    held = np.where(possible, reach, 0.0).astype(np.float64)
    if columns:
        classes = by_class(frequencies, held, ())
        shares, totals = classes.frequency, overall(frequencies, held)
    else:
        shares, totals = np.zeros((0, CLASS_COUNT)), np.zeros(0)
    weight = _by_class(held, possible)
    return Grid(seat, path, columns, held, frequencies, evs, weight, shares, totals, possible)


def _by_class(held: Doubles, possible: NDArray[np.bool_]) -> Doubles:
    """How much of each class is held, as a share of the most held one."""
    mass = np.bincount(CLASS_OF, weights=held, minlength=CLASS_COUNT)
    count = np.bincount(CLASS_OF[possible], minlength=CLASS_COUNT)
    weight: Doubles = np.divide(mass, count, out=np.zeros(CLASS_COUNT), where=count > 0)
    most = float(weight.max())
    return weight / most if most > 0 else weight


def _rows(text: str, count: int, what: str) -> Floats:
    try:
        rows = unpack(text)
    except PackedError as error:
        raise GridError(f"{what} of the solution cannot be read: {error}") from None
    if len(rows) != count:
        raise GridError(f"{what} of the solution has {len(rows)} rows where {count} belong")
    return rows


def _values(text: str, count: int) -> Floats:
    """Values, or NaN where they are not known."""
    return _rows(text, count, "values") if text else np.full((count, COMBO_COUNT), np.nan, np.float32)


def _columns(actions: tuple[Action, ...], state: TableState, seat: int) -> tuple[Column, ...]:
    everything = _most(state, seat)
    plain = [each for each in actions if each.kind in _SIZED and each.amount < everything]
    sizes = sorted({each.amount for each in plain})
    span = max(1, len(sizes) - 1)
    return tuple(_column(each, everything, sizes, span) for each in actions)


def _column(action: Action, everything: int, sizes: list[int], span: int) -> Column:
    if action.kind is ActionKind.FOLD:
        return Column(action_text(action), "fold")
    if action.kind not in _SIZED:
        return Column(action_text(action), "passive")
    if action.amount >= everything:
        return Column(f"All-in {chips(action.amount)}", "all-in")
    return Column(action_text(action), "sized", sizes.index(action.amount) / span)


def _most(state: TableState, seat: int) -> int:
    """The most that a seat can put in on this street: its chips, or those of the deepest who could call."""
    room = {each.seat: each.stack + each.bet for each in state.seats if not each.folded}
    others = [chips_there for other, chips_there in room.items() if other != seat]
    return min(room.get(seat, 0), max(others, default=0))


def _path(path: tuple[Action, ...], state: TableState) -> str:
    """How a node is reached, as a player says it."""
    if not path:
        return "Now, to act"
    who = "you" if state.to_act == state.hero else "the player to act"
    return f"After {who}: " + ", ".join(action_text(each).lower() for each in path)


def _class_of(hole: tuple[str, ...]) -> int | None:
    """The class of the hero's hand; None while it is not known."""
    try:
        return int(CLASS_OF[combo_index(*hole)])
    except (TypeError, CardError):
        return None


def class_name(place: int) -> str:
    return CLASS_NAMES[place]
