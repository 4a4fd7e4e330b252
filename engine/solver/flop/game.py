"""A street, or the flop and the turn, solved as if nobody bet any more afterwards: hands are worth their equity there.

This is the limit of depth of Brown, Sandholm and Amos (2018, "Depth-Limited Solving for Imperfect-Information Games")
with the plainest of leaf values: both players check to the showdown. What is bet up to the limit is solved as exactly
as a subgame is, and exploitability is that of the game with the limit.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from math import comb
from time import perf_counter_ns
from typing import Final

import numpy as np

from engine.game.ranges import COMBO_COUNT
from engine.solver.flop.equities import equities
from engine.solver.flop.passes import LimitedPasses
from engine.solver.flop.tree import tree_to
from engine.solver.isomorphism import deals
from engine.solver.kernels.tables import Floats
from engine.solver.spot import Spot, SpotError, TooBigError
from engine.solver.subgame import reading
from engine.solver.subgame.build import check, streets_of, weight_of_pairs
from engine.solver.subgame.game import _rows
from engine.solver.subgame.hands import Deals, Range, StreetHands, first_deal, live, padded_width, street_hands
from engine.solver.subgame.layout import RIVER
from engine.solver.subgame.room import Room
from engine.solver.subgame.subgame import Cards, Doubles, Subgame
from engine.solver.tree.memory import readable
from engine.solver.tree.nodes import BettingTree, NodeKind

NAMES: Final = {3: "flop", 4: "turn", 5: "river"}
MOST_BYTES: Final = 1 << 30
NS_A_NUMBER: Final = 1.0
NS_A_PRODUCT: Final = 0.05
NS_A_CELL: Final = 5.0
NS_A_RUN_OUT: Final = 0.07
"""What a stored number and a product of reach and equity take in an iteration, and before it two hands that meet and
each of their run-outs; measured on one core (tests/solver/test_flop_figures.py)."""


class FlopGame(Subgame):
    """The game of a flop or turn spot that is bet on up to street ``last`` (3 flop, 4 turn).

    Everything of a subgame can be asked of it; nodes are those of ``tree``, which ends with that street. ``cards`` is
    the turn card where a node lies on the turn of a flop's game. ``one_size`` notes that the spot's turn was given one
    size alone. Raises SpotError when the limit does not suit the
    board, TooBigError, with nothing solved, when it needs too much memory.
    """

    def __init__(
        self, spot: Spot, last: int, threads: int = 1, *, one_size: bool = False, room: Room | None = None
    ) -> None:
        begun = perf_counter_ns()
        if not len(spot.board) <= last <= min(4, len(spot.board) + 1):
            raise SpotError(f"a spot with {len(spot.board)} board cards cannot be solved up to street {last}")
        self.spot, self.tree, self.last = spot, tree_to(spot, last), last
        Needs.of(spot, self.tree, last).check()
        self._one_size = one_size
        self.locks = ()
        self.ranges = check(spot, self.tree, self.locks)
        self.iterations = 0
        self._weight = weight_of_pairs(self.ranges)
        self._hands = _hands(spot, self.ranges, last)
        # to the layout the last street is what the river is elsewhere: the one after which no card is dealt
        shifted = replace(self.tree, street=(self.tree.street + (RIVER - last)).astype(np.int8))
        self.layout, self.streets = streets_of(shifted, spot.rake, self._hands)
        with ThreadPoolExecutor(max(1, threads), thread_name_prefix="equities") as pool:
            self._equities = equities(self._hands[-1], pool if threads > 1 else None)
        self._room = Room() if room is None else room
        self._regrets = [_rows(street, self._room) for street in self.streets]
        self._average = [_rows(street, self._room) for street in self.streets]
        self._spare = self._gadget = None
        self._limited = LimitedPasses(self.streets, self.ranges, threads, equities=self._equities)
        self._passes = self._limited
        self.build_ns = perf_counter_ns() - begun

    @property
    def limit(self) -> str:
        """What was solved, in words, for whoever is shown ``exploitability``."""
        first = len(self.spot.board)
        betting = " and ".join(NAMES[street] for street in range(first, self.last + 1))
        sizes = ", one size on the turn," if self._one_size else ""
        return f"{betting} betting{sizes} with equity from the {NAMES[self.last + 1]} on"

    @property
    def stored_numbers(self) -> int:
        """How long an iteration takes, in stored numbers: those there are, and the equities multiplied."""
        return self._limited.work()

    @property
    def memory_bytes(self) -> int:
        return super().memory_bytes + sum(int(won.nbytes) for won in self._equities.won)

    def advance(self, count: int) -> None:
        """``count`` iterations that nothing can interrupt."""
        for _ in range(count):
            rule = self._rule(self.iterations)
            for player in (0, 1):
                self._passes.run(player, rule, self._memories(player), self._of(self._regrets, 1 - player))
            self.iterations += 1

    def equity(self) -> tuple[float, float]:
        """Each player's share of the pot if nobody bet, with the root's ranges; they sum to 1."""
        hands = self._hands[-1]
        chance = float(np.prod([street.chance for street in self.streets]))
        weights = [_at(held, combos) for held, combos in zip(self.ranges, hands.combos, strict=True)]
        won = self._equities.won[0].reshape(hands.deals.count, hands.tables[1].width, hands.tables[0].width)
        outs = np.diff(hands.deals.outs_of)
        total = sum(
            float(weights[1][deal] @ won[deal] @ weights[0][deal]) * int(outs[deal]) for deal in range(len(outs))
        )
        share = 0.5 + 0.5 * total * chance / self._weight
        return share, 1.0 - share

    def _valued(self, node: int, player: int, cards: Cards) -> tuple[reading.Valuation, Doubles]:
        """What the player's hands are worth on the street of a node, and the opponent's reach there."""
        place = reading.place_of(self, node, cards)
        deal = reading.held(self, place, player)[0]
        beyond = None if place.level + 1 == len(self.streets) else self.beyond(player, place.level, deal)
        showdown = self._in_all_pairs(player, place) if beyond is None else None
        return _Limited(self, player, place, cards, beyond, showdown), self.reach(node, 1 - player, cards)

    def _in_all_pairs(self, player: int, place: reading.Place) -> Floats:
        """What each pair of a player wins from each of the opponent's range at the end of the betting, (1326, n)."""
        deal, own = reading.held(self, place, player)
        _, theirs = reading.held(self, place, 1 - player)
        won = self._equities.won[player].reshape(-1, len(theirs), len(own))[deal]
        held = self.ranges[1 - player].combos
        found = np.zeros((COMBO_COUNT, len(held)), dtype=np.float32)
        found[np.ix_(own[own >= 0], np.searchsorted(held, theirs[theirs >= 0]))] = won[np.ix_(theirs >= 0, own >= 0)].T
        return found


@dataclass(slots=True, eq=False)
class _Limited(reading.Valuation):
    """Counterfactual values on a street of a game whose last street ends in equities."""

    def of(self, node: int, against: Doubles) -> Doubles:
        """As in a subgame, but that showdowns are paid by equity on the last street."""
        if self.beyond is None and self.game.tree.kind[node] == NodeKind.SHOWDOWN:
            return self._end(node, against)
        return reading.Valuation.of(self, node, against)


@dataclass(frozen=True, slots=True)
class Needs:
    """What a game takes, reckoned before any of it is allocated: regrets, products of an iteration, matrix cells."""

    last: int
    numbers: int
    products: int
    cells: int

    @staticmethod
    def of(spot: Spot, tree: BettingTree, last: int) -> "Needs":
        """At most so much: turn cards that differ in their suits alone are counted one by one."""
        widths = [padded_width(live(weights, spot.board).size) for weights in spot.ranges]
        numbers = products = 0
        dealt = 1 if last == len(spot.board) else 52 - len(spot.board)
        for player in (0, 1):
            for street in range(len(spot.board), last + 1):
                rows = int(tree.children[(tree.kind == player) & (tree.street == street)].sum())
                numbers += rows * widths[player] * (dealt if street == last else 1)
                products += rows * widths[0] * widths[1] * dealt if street == last else 0
        return Needs(last, numbers, products, widths[0] * widths[1] * dealt)

    @property
    def bytes(self) -> int:
        """Regrets and strategies twice, and both players' matrices."""
        return 16 * self.numbers + 8 * self.cells

    def check(self) -> None:
        """TooBigError when it is more than is allowed."""
        if self.bytes > MOST_BYTES:
            raise TooBigError(
                f"solving this spot up to the {NAMES[self.last]} needs {readable(self.bytes)} of memory, "
                f"{readable(MOST_BYTES)} are allowed: take fewer sizes or smaller ranges"
            )

    def ns(self, iterations: int, threads: int) -> int:
        """About how long it takes to build the game and to iterate so often, on a processor of the year 2022."""
        run_outs = comb(52 - self.last, 5 - self.last)
        build = self.cells * (NS_A_CELL + run_outs * NS_A_RUN_OUT)
        each = self.numbers * NS_A_NUMBER + self.products * NS_A_PRODUCT
        return int((build + iterations * each) / threads)


def predicted_ns(spot: Spot, last: int, iterations: int, threads: int = 1) -> int:
    """About how long so many iterations of a spot take up to street ``last``, with what comes before them, in
    nanoseconds. Raises TooBigError when it needs too much memory."""
    needs = Needs.of(spot, tree_to(spot, last), last)
    needs.check()
    return needs.ns(iterations, threads)


def _hands(spot: Spot, ranges: tuple[Range, Range], last: int) -> list[StreetHands]:
    """The hands of the streets up to ``last``; turn cards that differ in their suits alone are one deal."""
    streets = [street_hands(first_deal(spot.board), None, ranges)]
    if last > len(spot.board):
        dealt = deals(spot.board, spot.ranges)
        outs = [(*spot.board, card) for deal in dealt for card in deal.cards]
        turn = Deals(
            boards=np.array([(*spot.board, deal.card) for deal in dealt]),
            parent=np.zeros(len(dealt), dtype=np.int64),
            outs_of=np.cumsum([0, *(deal.count for deal in dealt)]).astype(np.int32),
            out_boards=np.array(outs),
            suits=np.array([one.suits for deal in dealt for one in deal.relabellings]),
        )
        streets.append(street_hands(turn, streets[0], ranges))
    return streets


def _at(held: Range, combos: "np.ndarray[tuple[int, int], np.dtype[np.int64]]") -> Doubles:
    """A range's weights in the order of a street's hands, (deals, width); 0 where there is no hand."""
    weights = np.zeros(COMBO_COUNT + 1)
    weights[held.combos] = held.weights[: held.size]
    return weights[combos]
