"""Which method answers a state: an exact subgame, an approximation that says what it is, or the baseline.

Heads-up streets are solved as subgames from their beginning, with the bets that were really made in the tree, so that
a size the tree did not think of is solved and not translated: turns and rivers to the end of the hand, flops and what
is too large up to a limit of depth. Ranges come by Bayes from the
solution of the street before. Whatever a method cannot do falls to the next one, and the answer says so.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from engine.clock import MILLISECOND, Clock
from engine.game.ranges import Weights, combo_index, without
from engine.game.state import Street, TableState
from engine.solver.anytime import solve_on
from engine.solver.baseline import BaselineSolver, playable
from engine.solver.brain.answer import NoAnswerError, Place, action_values, shown
from engine.solver.brain.beliefs import Beliefs, RootRanges, narrowed
from engine.solver.brain.game import follow
from engine.solver.brain.opening import read, standings
from engine.solver.brain.sizes import sizes
from engine.solver.brain.street import NotHeadsUpError, StreetLine, street_line
from engine.solver.equity import equity, run_outs
from engine.solver.flop.game import FlopGame
from engine.solver.flop.solve import TURN, deepest
from engine.solver.multiway.solve import NoAnswerError as NoMultiwayAnswerError
from engine.solver.multiway.solve import solve_multiway
from engine.solver.multiway.street import StreetError
from engine.solver.reading import opponent_ranges
from engine.solver.spot import Limits, Progress, Spot, SpotError
from engine.solver.subgame import Subgame
from engine.solver.subgame.room import Room
from engine.solver.subgame.size import predicted_bytes
from engine.solver.tree.build import build
from engine.words import Solution

TARGET: Final = 0.2
"""Per cent of the pot: nobody can win a thousandth of the pot a hand from an answer that is so close."""
RESERVE: Final = 100 * MILLISECOND
"""Of a request's time, for what is read from the solution after the solve."""
RIVER: Final = 5
BYTES_A_NUMBER: Final = 16
NS_A_NUMBER: Final = 3.0
"""What a stored number takes in an iteration of one core: the measured spots need 2.5 to 3.5."""
WHOLE_TURN: Final = 30
"""Iterations that have to fit for a turn to be solved with its rivers: they come to some 2 % of the pot."""
LEAST_ITERATIONS: Final = 12
"""The average of fewer is still close to the first one's, in which every action is as frequent as the others."""
PROBED: Final = 2
"""Iterations by which the pace is told."""
MOST_EXPLOITABLE: Final = 20.0
"""Per cent of the pot: an answer that is farther off is not played."""
TOLD_EVERY: Final = 200 * MILLISECOND
MOST_RUN_OUTS: Final = 100
"""More than there are cards to come on the turn."""


def _unheard(_: Solution) -> None:
    """What is streamed to nobody."""


class Brain:
    """Implements ``engine.ports.SpotSolver``; asked in one thread, one state after another.

    ``threads`` is how many the kernels may use. ``go_on`` is asked in the thread that solves, every few milliseconds;
    False ends the work with the best answer so far. ``tell`` hears the answers so far.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        samples: int = 400,
        threads: int = 1,
        go_on: Callable[[], bool] = lambda: True,
        tell: Callable[[Solution], None] = _unheard,
    ) -> None:
        self._clock = clock
        self._threads = threads
        self._go_on = go_on
        self._tell = tell
        self._baseline = BaselineSolver(clock, samples, go_on)
        self._beliefs = Beliefs()
        self._room = Room()

    def solve(self, state: TableState, budget_ns: int, seed: int) -> Solution:
        """Frequencies and values (chips, folding at 0) of the hero's actions; SolveError when he is not to act."""
        started = self._clock.now()
        playable(state)
        try:
            return self._answer(state, started, budget_ns, seed)
        except (NotHeadsUpError, SpotError, NoAnswerError, StreetError, NoMultiwayAnswerError) as problem:
            left = max(0, budget_ns - (self._clock.now() - started))
            answer = self._baseline.solve(state, left, seed)
            took = self._clock.now() - started
            return replace(answer, detail=f"{answer.detail}; not solved: {problem}", took_ns=took)

    def _answer(self, state: TableState, started: int, budget_ns: int, seed: int) -> Solution:
        if state.street is Street.PREFLOP:
            return self._baseline.solve(state, budget_ns, seed)
        if len(state.live_opponents) > 1:
            return self._multiway(state, started, budget_ns, seed)
        return self._subgame(state, started, budget_ns)

    # several opponents

    def _multiway(self, state: TableState, started: int, budget_ns: int, seed: int) -> Solution:
        limits = Limits(deadline=started + max(0, budget_ns - RESERVE))
        return solve_multiway(
            state, opponent_ranges(state, standings(state.board)), limits, self._clock, seed, self._go_on
        )

    # two players

    def _subgame(self, state: TableState, started: int, budget_ns: int) -> Solution:
        line = street_line(state)
        ranges = self._ranges(state, line)
        deadline = started + max(0, budget_ns - RESERVE)
        self._room.clear()
        spot = self._spot(state, line, ranges)
        subgame = self._game(spot, deadline)
        try:
            path = follow(subgame.tree, line.made)
            if path is None:
                raise NoAnswerError("the tree lacks an action that was made")
            place = Place(state, line, subgame, path)
            last = [started]

            def listener(progress: Progress) -> None:
                if progress.iteration >= LEAST_ITERATIONS and self._clock.now() - last[0] >= TOLD_EVERY:
                    self._tell(self._found(place, ranges, progress, started, whole=False))
                    last[0] = self._clock.now()

            limits = Limits(deadline=deadline, target=TARGET)
            solved = solve_on(
                subgame, limits, clock=self._clock, cancel=self._unwanted, listener=listener, begun=started
            )
            _refuse_poor(solved)
            self._beliefs.keep(state, line, ranges, subgame)
            return self._found(place, ranges, solved, started, whole=True)
        finally:
            subgame.close()

    def _game(self, spot: Spot, deadline: int) -> Subgame:
        """The game to be solved by the deadline: to the end of the hand where there is time for it, else up to the
        street whose betting fits.
        """
        if len(spot.board) == RIVER:
            return Subgame(spot, build(spot), self._threads, room=self._room)
        if len(spot.board) == TURN and (whole := self._whole_turn(spot, deadline)) is not None:
            return whole
        return deepest(spot, deadline - self._clock.now(), self._threads, self._room)

    def _whole_turn(self, spot: Spot, deadline: int) -> Subgame | None:
        """A turn with its rivers, begun; None where that would take too long, by reckoning or as the first iterations
        show.
        """
        tree = build(spot)
        numbers = predicted_bytes(spot, tree) // BYTES_A_NUMBER
        if numbers * NS_A_NUMBER * WHOLE_TURN / self._threads > deadline - self._clock.now():
            return None
        subgame = Subgame(spot, tree, self._threads, room=self._room)
        subgame.advance(1)  # touches the memory for the first time
        begun = self._clock.now()
        subgame.advance(PROBED)
        each = (self._clock.now() - begun) / PROBED
        if each * WHOLE_TURN <= deadline - self._clock.now():
            return subgame
        subgame.close()
        self._room.clear()
        return None

    def _unwanted(self) -> bool:
        return not self._go_on()

    def _spot(self, state: TableState, line: StreetLine, ranges: RootRanges) -> Spot:
        depth = min(state.seat(seat).start_stack for seat in line.seats) / state.big_blind
        return Spot(
            board=line.board,
            ranges=ranges.weights,
            pot=line.pot,
            stack=line.stack,
            settings=sizes(state.street, depth, state.big_blind),
            bets=line.bets,
            to_act=line.to_act,
            raises=line.raises,
            made=tuple(choice.to for choice in line.made),
        )

    def _ranges(self, state: TableState, line: StreetLine) -> RootRanges:
        """Those that the street's first solve began with, else Bayes from the street before, else the line read."""
        known = self._beliefs.solved(state)
        if known is not None and known[0].first == line.first:
            return known[1]
        return self._beliefs.earlier(state, line) or read(state, line)

    def _found(self, place: Place, ranges: RootRanges, found: Progress, started: int, *, whole: bool) -> Solution:
        """What was found so far as the answer to the hero's state; ``whole`` adds what is there to be looked at."""
        strategy = place.game.strategy(place.node)
        values = place.game.action_values(place.node)
        actions = action_values(place, strategy, values)
        villain = narrowed(place.game, place.path, ranges.weights)[1 - place.line.seats.index(place.state.hero)]
        seats, nodes = shown(place, ranges.weights, values) if whole else ((), ())
        return Solution(
            source="limited" if isinstance(place.game, FlopGame) else "subgame",
            actions=actions,
            equity=_equity(place.state, villain),
            exploitability=found.exploitability,
            detail=_detail(found, ranges, place),
            took_ns=self._clock.now() - started,
            iterations=found.iteration,
            ranges=seats,
            nodes=nodes,
        )


def _refuse_poor(found: Progress) -> None:
    """NoAnswerError for an answer that is too far from an equilibrium to be played."""
    if found.iteration < LEAST_ITERATIONS:
        raise NoAnswerError(f"there was time for {found.iteration} iterations, too few to go by")
    if found.exploitability is not None and found.exploitability > MOST_EXPLOITABLE:
        raise NoAnswerError(
            f"after {found.iteration} iterations the answer was still {found.exploitability:.0f}% of the pot from an "
            "equilibrium"
        )


def _equity(state: TableState, villain: Weights) -> float:
    """The hero's share of the pot at showdown against a range, over every card that may come."""
    outs = run_outs(state.board, state.hole, MOST_RUN_OUTS, np.random.default_rng(0), lambda: True)
    return equity(outs, combo_index(*state.hole), [without(villain, state.hole)])


_HOW = {
    "solved": "from the solution of the street before",
    "chart": "from the pre-flop chart",
    "read": "read from the line by rules of thumb",
}


def _detail(found: Progress, ranges: RootRanges, place: Place) -> str:
    far = found.exploitability
    told = "" if far is None else f", {far:.2f}% of the pot from an equilibrium of that game"
    what = f"{place.game.limit} solved" if isinstance(place.game, FlopGame) else "the street solved exactly"
    return (
        f"{what}: {place.game.tree.size:,} betting nodes, {found.iteration} iterations{told}; "
        f"the ranges at its beginning are {_HOW[ranges.how]}"
    )
