"""The tracker against the table's own game: what it says is what happened, or it says why it does not know."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from engine.game.actions import LegalActions
from engine.game.state import TableState
from engine.vision.tracker import FinishedHand, Tracked, Tracker
from engine.words import Observation, Reading, SeatReading
from tests.evaluation.table_session import known
from tests.vision.watched_table import Picture, pictures

TABLES = [(2 + number % 5, number, (60, 300, 2000)[number % 3]) for number in range(30)]
"""Players, seed and stack: short stacks bring side pots, run-outs and purchases."""


def new_tracker() -> Tracker:
    return Tracker(10, 20, "s")


def agrees(ours: LegalActions | None, theirs: LegalActions | None) -> bool:
    """The same actions; or the table lets somebody raise whom the TDA does not (see the betting's tests)."""
    return ours == theirs or (
        ours is not None and theirs is not None and ours == LegalActions(theirs.call_amount) and theirs.can_raise
    )


def assert_chips(state: TableState, picture: Picture) -> None:
    """Stacks, bets, folded seats, pot and turn as they are; between rounds the bets are being moved."""
    if picture.hand.to_act is None:
        return
    truth = picture.hand.table_state(0)
    assert state.seats == truth.seats
    assert (state.pot, state.to_act, state.board) == (truth.pot, truth.to_act, truth.board)
    assert agrees(state.legal, truth.legal)


def number_of(finished: FinishedHand) -> int:
    return int(finished.state.hand_id.rpartition("-")[2])


def test_300_hands_seen_whole_are_followed_without_a_refusal() -> None:
    sides, run_outs, hands = 0, 0, 0
    for players, seed, stack in TABLES:
        tracker, told = new_tracker(), dict[int, FinishedHand]()
        for picture in pictures(players, seed, 10, stack):
            tracked = tracker.update(picture.seen)
            assert (tracked.problem, tracked.state is None) == ("", False)
            assert tracked.state is not None
            assert tracked.state.history == picture.hand.history
            assert_chips(tracked.state, picture)
            if tracked.finished is not None:
                assert number_of(tracked.finished) not in told, "a hand ends once"
                assert_ended(tracked.finished, picture)
                told[picture.number] = tracked.finished
                sides += is_side_pot(tracked.finished.state)
                run_outs += is_run_out(tracked.finished.state)
        assert list(told) == list(range(1, 11))
        hands += len(told)
    assert hands == 300
    assert min(sides, run_outs) >= 20, f"{sides} side pots and {run_outs} run-outs are not enough to prove anything"


def assert_ended(finished: FinishedHand, picture: Picture) -> None:
    assert number_of(finished) == picture.number
    assert finished.end_stacks == picture.paid_out
    assert finished.state.certain
    assert finished.state.history == picture.hand.history
    assert finished.state.board == picture.hand.board


def is_side_pot(state: TableState) -> bool:
    paid = [seat.contributed for seat in state.seats if not seat.folded]
    return len(paid) > 2 and min(paid) < max(paid)


def is_run_out(state: TableState) -> bool:
    live = [seat for seat in state.seats if not seat.folded]
    return len(live) > 1 and any(seat.all_in for seat in live) and len(state.board) == 5


def every_second(sequence: int, chance: random.Random) -> bool:
    return sequence % 2 == 0


def at_random(sequence: int, chance: random.Random) -> bool:
    return chance.random() < 0.5


@pytest.mark.parametrize("is_seen", [every_second, at_random])
def test_300_hands_seen_in_part_are_right_in_chips_or_refused(is_seen: Callable[[int, random.Random], bool]) -> None:
    followed = refused = 0
    chance = random.Random(5)
    for players, seed, stack in TABLES:
        tracker, told = new_tracker(), set[int]()
        for picture in pictures(players, seed, 10, stack):
            if not is_seen(picture.seen.sequence, chance):
                continue
            tracked = tracker.update(picture.seen)
            if tracked.state is None:
                refused += 1
                assert tracked.problem
            else:
                followed += 1
                assert_chips(tracked.state, picture)
            if tracked.finished is not None:
                assert_told_once(tracked.finished, told, picture)
    assert refused < 0.12 * followed


def assert_told_once(finished: FinishedHand, told: set[int], picture: Picture) -> None:
    assert number_of(finished) not in told
    told.add(number_of(finished))
    if finished.end_stacks is not None:
        assert finished.end_stacks == picture.paid_out
        assert not finished.state.certain or finished.state.history == picture.hand.history


# joining


def test_joined_in_the_middle_it_waits_for_the_next_hand() -> None:
    tracker = new_tracker()
    shown = list(pictures(4, 3, 3))
    first = next(index for index, picture in enumerate(shown) if picture.seen.board[0].value)
    for picture in shown[first:]:
        tracked = tracker.update(picture.seen)
        if picture.number == shown[first].number:
            assert tracked.state is None
            assert "waiting for the next one" in tracked.problem
            assert tracked.finished is None
        else:
            assert tracked.problem == ""


def test_before_the_blinds_are_up_there_is_no_hand() -> None:
    picture = next(iter(pictures(4, 3, 1)))
    bare = replace(picture.seen, pot=known(0), seats=tuple(replace(seat, bet=known(0)) for seat in picture.seen.seats))
    tracker = new_tracker()
    assert "the blinds are not up yet" in tracker.update(bare).problem
    assert tracker.update(picture.seen).problem == ""


def test_a_turn_shown_before_its_card_is_waited_for() -> None:
    """The mark of the first to act stands at once, while the card is still fading in."""
    waited = 0
    for players, seed, stack in TABLES[:10]:
        tracker, board = new_tracker(), known("")
        for picture in pictures(players, seed, 5, stack):
            seen, shown = picture.seen, picture.seen.board[3]
            if shown.value and not board.value and seen.turn.value != -1:
                early = tracker.update(replace(seen, board=(*seen.board[:3], board, seen.board[4])))
                assert (early.state, early.waiting) == (None, True), early.problem
                waited += 1
            board = shown
            assert tracker.update(seen).problem == ""
    assert waited > 10


def test_a_hand_left_behind_is_told_once_without_stacks() -> None:
    shown = list(pictures(4, 3, 3))
    second = next(index for index, picture in enumerate(shown) if picture.number == 2)
    tracker = new_tracker()
    assert tracker.update(shown[0].seen).finished is None
    finished = tracker.update(shown[second].seen).finished
    assert finished is not None
    assert (number_of(finished), finished.end_stacks) == (1, None)
    assert tracker.update(shown[second].seen).finished is None


# what cannot have happened

Change = Callable[[Observation], Observation]


def with_seat(seen: Observation, number: int, **changes: object) -> Observation:
    def change(seat: SeatReading) -> SeatReading:
        readings: dict[str, Any] = {name: known(value) for name, value in changes.items()}
        return replace(seat, **readings) if seat.seat == number else seat

    return replace(seen, seats=tuple(change(seat) for seat in seen.seats))


def stack_of(seen: Observation, number: int) -> int:
    value = seen.seats[number].stack.value
    assert value is not None
    return value


def a_stack_grows(seen: Observation) -> Observation:
    return with_seat(seen, 2, stack=stack_of(seen, 2) + 50)


def the_pot_is_off_by_one(seen: Observation) -> Observation:
    assert seen.pot.value is not None
    return replace(seen, pot=known(seen.pot.value + 1))


def a_stack_is_off_by_one(seen: Observation) -> Observation:
    return with_seat(seen, 3, stack=stack_of(seen, 3) - 1)


def somebody_folds_out_of_turn(seen: Observation) -> Observation:
    acting = seen.turn.value
    return with_seat(seen, next(seat for seat in (2, 3, 4) if seat != acting), status="folded")


def the_turn_jumps_over_a_debt(seen: Observation) -> Observation:
    return replace(seen, turn=known(3 if seen.turn.value != 3 else 2))


def a_board_card_changes(seen: Observation) -> Observation:
    other = next(card for card in ("2c", "7d", "Kh") if card not in {shown.value for shown in seen.board + seen.hole})
    return replace(seen, board=(known(other), *seen.board[1:]))


def a_board_card_goes(seen: Observation) -> Observation:
    return replace(seen, board=(*seen.board[:2], known(""), known(""), known("")))


def a_card_is_shown_twice(seen: Observation) -> Observation:
    return replace(seen, hole=(seen.board[0], seen.hole[1]))


def the_hole_cards_change(seen: Observation) -> Observation:
    return replace(seen, hole=(seen.hole[1], seen.hole[0]))


def a_stack_is_unknown(seen: Observation) -> Observation:
    unknown: Reading[int] = Reading(None, 0.2, seen.seats[2].stack.box)
    seats = tuple(replace(seat, stack=unknown) if seat.seat == 2 else seat for seat in seen.seats)
    return replace(seen, seats=seats)


IMPOSSIBLE: list[tuple[Change, str]] = [
    (a_stack_grows, "grew during the betting|does not follow"),
    (the_pot_is_off_by_one, "does not follow"),
    (a_stack_is_off_by_one, "does not follow"),
    (somebody_folds_out_of_turn, "does not follow"),
    (the_turn_jumps_over_a_debt, "neither called|does not follow"),
    (a_board_card_changes, "the board changed"),
    (a_board_card_goes, "the board shows"),
    (a_card_is_shown_twice, "changed from|shown twice"),
    (the_hole_cards_change, "the hole cards changed"),
    (a_stack_is_unknown, "unknown|does not follow"),
]


def on_the_flop_facing_a_bet() -> tuple[list[Picture], int]:
    """A four-handed hand's pictures and the one, on the flop, in which the seat to act owes chips."""
    for seed in range(200):
        shown = list(pictures(4, seed, 1))
        for index, picture in enumerate(shown):
            hand = picture.seen
            live = sum(seat.status.value == "in" for seat in hand.seats)
            board = sum(1 for card in hand.board if card.value)
            owed = any(seat.bet.value for seat in hand.seats)
            if board == 3 and owed and live == 4 and hand.turn.value in (2, 3, 4):
                return shown, index
    raise AssertionError("no hand came to a bet on the flop with everybody in")


@pytest.mark.parametrize(("change", "why"), IMPOSSIBLE, ids=[change.__name__ for change, _ in IMPOSSIBLE])
def test_what_cannot_have_happened_is_refused_with_its_reason_and_forgotten(change: Change, why: str) -> None:
    shown, index = on_the_flop_facing_a_bet()
    tracker = new_tracker()
    for picture in shown[: index + 1]:
        assert tracker.update(picture.seen).problem == ""
    refused = tracker.update(change(shown[index].seen))
    assert refused.state is None
    assert_matches(refused, why)
    for picture in shown[index:]:
        assert tracker.update(picture.seen).problem == "", "one bad picture does not spoil the hand"


def assert_matches(tracked: Tracked, why: str) -> None:
    assert any(part in tracked.problem for part in why.split("|")), tracked.problem


def test_two_cards_that_are_the_same_are_refused_on_a_new_board() -> None:
    shown, index = on_the_flop_facing_a_bet()
    flop = next(at for at, picture in enumerate(shown) if picture.seen.board[0].value)
    tracker = new_tracker()
    for picture in shown[:flop]:
        tracker.update(picture.seen)
    seen = shown[flop].seen
    assert_matches(tracker.update(replace(seen, board=(seen.hole[0], *seen.board[1:]))), "a card is shown twice")
    assert index > flop


def test_a_hand_that_ends_with_a_raise_nobody_saw_is_not_made_up() -> None:
    """The winner's stack has grown, but a seat that should have stayed in has folded."""
    for seed in range(300):
        shown = list(pictures(2, seed, 1))
        history = shown[-1].hand.history
        if len(history) >= 2 and str(history[-2].action.kind) == "raise" and str(history[-1].action.kind) == "fold":
            tracker = new_tracker()
            for picture in shown[:-3]:
                tracker.update(picture.seen)
            tracked = tracker.update(shown[-1].seen)
            assert tracked.state is None or tracked.state.history == history
            return
    raise AssertionError("no hand ended with a fold to a raise")


def test_no_two_hands_share_a_name_when_the_table_is_opened_anew() -> None:
    tracker = new_tracker()
    names: list[str] = []
    for seed in (3, 4, 3):
        for picture in pictures(4, seed, 3):
            tracked = tracker.update(picture.seen)
            if tracked.finished is not None:
                assert number_of(tracked.finished) == picture.number
                names.append(tracked.finished.state.hand_id)
    assert names == ["s-1", "s-2", "s-3", "s-2-1", "s-2-2", "s-2-3", "s-3-1", "s-3-2", "s-3-3"]
