"""An answer for a street with several opponents: a stated approximation, not an equilibrium of the whole game.

What is solved is the rest of this street with few sizes, by counterfactual regret minimisation for any number of
players (``regret``). What is given up: later streets are checked down; pairs are gathered in buckets, the hero's own
excepted; opponents' hands are independent of one another; with more than four live players the passive ones are
gathered (``field``). With more than two players nothing proves that the average is an equilibrium even of that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from engine.clock import Clock
from engine.game.ranges import Weights, combo_index, without
from engine.game.state import TableState
from engine.solver.equity import RunOuts, standing_on
from engine.solver.multiway.buckets import STATES, Buckets, into_buckets
from engine.solver.multiway.field import Field, gathered
from engine.solver.multiway.form import Floats
from engine.solver.multiway.game import StreetGame, street_game
from engine.solver.multiway.kernels import gather
from engine.solver.multiway.leaves import StreetLeaves, WholeLeaves
from engine.solver.multiway.regret import Learner, gains, profile_reach
from engine.solver.multiway.runouts import boards_to_come
from engine.solver.multiway.showdown import strengths_on
from engine.solver.multiway.street import StreetError, street_so_far
from engine.solver.reading import opponent_ranges
from engine.solver.spot import Limits
from engine.words import ActionValue, Solution

MOST_ITERATIONS = 1000
CHECK_TARGET_EVERY = 50
RARE = 0.02
"""An action that is taken less often than this is not taken: what the first iterations left in the average."""

FOR_STANDINGS = 2
"""Batches of boards by which pairs are told apart as better and worse."""


class NoAnswerError(RuntimeError):
    """The time ran out before there was anything to answer."""


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A street ready to be learned."""

    game: StreetGame
    buckets: Buckets
    leaves: StreetLeaves
    field: Field


def solve_multiway(
    state: TableState,
    ranges: Mapping[int, Weights],
    limits: Limits,
    clock: Clock,
    seed: int,
    still_wanted: Callable[[], bool] = lambda: True,
) -> Solution:
    """Frequencies and values in chips, folding at 0, of the hero's actions after the flop, with source "multiway".

    ``ranges`` holds each live player's weights by seat, the hero's as the others see him (where it is missing, what he
    did is read as theirs is). It ends at the earliest limit, after 1000 iterations, or when ``still_wanted`` says no;
    the same state, ranges, seed and number of iterations give the same answer bit for bit. ``limits.target`` is held
    against the largest gain of a player in the simplified game. Raises StreetError for a spot that it cannot play on,
    and NoAnswerError when the time does not even suffice for one iteration.
    """
    started = clock.now()
    deadline = limits.deadline

    def in_time(needs_ns: int = 0) -> bool:
        return still_wanted() and (deadline is None or clock.now() + needs_ns < deadline)

    try:
        spot = prepare(state, ranges, seed, in_time)
    except TimeoutError as error:
        raise NoAnswerError(f"hand {state.hand_id}: {error}") from error
    learner = _learn(spot, limits, clock, in_time)
    if not learner.iterations:
        raise NoAnswerError(f"hand {state.hand_id}: no time was left for one iteration")
    return _solution(spot, learner, clock.now, started)


def prepare(
    state: TableState, ranges: Mapping[int, Weights], seed: int, still_wanted: Callable[[], bool] = lambda: True
) -> Spot:
    """The street's game and its leaves. StreetError for a spot that cannot be played on, TimeoutError when it is not
    wanted any more before it is ready."""
    hand = street_so_far(state)

    def go_on() -> None:
        if not still_wanted():
            raise TimeoutError("no time was left to make the spot ready")

    generator = np.random.default_rng([seed, len(state.history)])
    boards = boards_to_come(state.board, state.hole, generator)
    rows = strengths_on(np.concatenate(boards[:FOR_STANDINGS])).values
    go_on()
    standings = standing_on(RunOuts(rows, len(rows), exact=False))
    field = gathered(hand, _possible(state, ranges, standings), standings)
    go_on()
    game = street_game(field.hand, STATES)
    go_on()
    pair = combo_index(*state.hole)
    buckets = into_buckets([field.ranges[seat] for seat in game.players], standings, game.hero, pair)
    leaves = StreetLeaves(game, buckets, boards, still_wanted)
    if leaves.room(game.hero)[-1] <= 0:
        raise StreetError(f"hand {state.hand_id}: no opponent can hold a hand of his range beside the hero's cards")
    return Spot(game, buckets, leaves, field)


def _possible(state: TableState, ranges: Mapping[int, Weights], standings: Weights) -> dict[int, Weights]:
    """Each live player's range without the board's cards; StreetError when one is missing or empty."""
    known = ranges if state.hero in ranges else {**ranges, state.hero: _as_others_see(state, standings)}
    possible = {}
    for seat in (state.hero, *(opponent.seat for opponent in state.live_opponents)):
        if seat not in known or not (held := without(known[seat], state.board)).any():
            raise StreetError(f"hand {state.hand_id}: seat {seat} has no range that fits the board: give its weights")
        possible[seat] = held
    return possible


def _as_others_see(state: TableState, standings: Weights) -> Weights:
    """The range on which the hero is read by what he did, as he reads the others."""
    if not state.live_opponents:
        raise StreetError(f"hand {state.hand_id}: the hero has no opponent left")
    across = replace(state, hero=state.live_opponents[0].seat, hole=())
    return opponent_ranges(across, lambda _: standings)[state.hero]


def _learn(spot: Spot, limits: Limits, clock: Clock, in_time: Callable[[int], bool]) -> Learner:
    """Iterate to the first limit. Time for one more iteration and for reading the answer is kept back, as long as the
    longest so far took: the answer is read from one player's side, over all batches of boards.
    """
    learner, leaves = Learner(spot.game.forms, spot.leaves), spot.leaves
    most = min(limits.iterations or MOST_ITERATIONS, MOST_ITERATIONS)
    longest = longest_step = reading = 0
    while learner.iterations < most and in_time(longest + reading):
        begun = clock.now()
        try:
            leaves.begin(learner.iterations)
        except TimeoutError:
            break
        ready = clock.now()
        if not learner.step(partial(in_time, reading)):
            break
        longest, longest_step = max(longest, clock.now() - begun), max(longest_step, clock.now() - ready)
        reading = longest_step + longest_step * leaves.batches // len(spot.game.players)
        checked = limits.target is not None and learner.iterations % CHECK_TARGET_EVERY == 0
        if checked and limits.target is not None and largest_gain(spot, learner) <= limits.target:
            break
    return learner


def largest_gain(spot: Spot, learner: Learner) -> float:
    """The most that a player would gain by leaving the average alone, in per cent of the pot, in the simplified
    game."""
    profile = [learner.average(player) for player in range(len(spot.game.players))]
    _, gained = gains(spot.game.forms, WholeLeaves(spot.leaves), profile)
    return float(100 * gained.max() / spot.field.hand.pot)


def _solution(spot: Spot, learner: Learner, now: Callable[[], int], started: int) -> Solution:
    game, hero = spot.game, spot.game.hero
    profile = [learner.average(player) for player in range(len(game.players))]
    values = _action_values(spot, profile)
    count = len(game.actions)
    shares = profile[hero][1 : 1 + count, STATES - 1]
    kept = np.where(shares < RARE, 0.0, shares)
    kept = kept / kept.sum()
    actions = tuple(
        ActionValue(action, float(share), float(value))
        for action, share, value in zip(game.actions, kept, values, strict=True)
    )
    equity = float(spot.leaves.equity(hero)[STATES - 1])
    detail = _detail(spot, learner)
    return Solution("multiway", actions, equity, None, detail, now() - started, iterations=learner.iterations)


def _action_values(spot: Spot, profile: list[Floats]) -> Floats:
    """What each of the hero's actions is worth with his own pair, in chips from here on."""
    hero, form = spot.game.hero, spot.game.forms[spot.game.hero]
    gradient = WholeLeaves(spot.leaves).gradient(hero, profile_reach(spot.game.forms, profile))
    gather(gradient, profile[hero], form.parent, form.first, form.count)
    values: Floats = gradient[1 : 1 + len(spot.game.actions), STATES - 1] / spot.leaves.room(hero)[STATES - 1]
    return values


def _detail(spot: Spot, learner: Learner) -> str:
    """What the answer rests on, in plain words."""
    sizes = spot.game.sizes
    opens = ", ".join(f"{share:.0%}" for share in sizes.opens) or "none"
    parts = [
        f"{len(spot.game.players)} players, this street only: regret minimisation over {len(spot.game.leaves)} ends, "
        f"{learner.iterations} iterations",
        f"bets of {opens} of the pot and all-in",
        f"{STATES - 1} buckets of hands a range",
        "later streets checked down, opponents' hands independent of one another",
    ]
    parts += [f"seats {' and '.join(map(str, group))} stand as one" for group in spot.field.groups]
    return "; ".join(parts)
