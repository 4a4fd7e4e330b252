"""The risk state as a value: nothing that was lost is forgotten, and what is remembered by name is bounded."""

from engine.risk.state import Booking, OpenHand, RiskState


def booked(*hands: tuple[str, int]) -> RiskState:
    state = RiskState("s")
    for hand_id, result in hands:
        state = state.book(hand_id, result)
    return state


def test_the_last_sixteen_hands_are_remembered_by_name() -> None:
    state = booked(*((f"h{number}", -1) for number in range(17)))
    assert [entry.hand_id for entry in state.booked] == [f"h{number}" for number in range(1, 17)]
    assert (state.session_result, state.total_result, state.hands) == (-17, -17, 17)


def test_the_truth_replaces_what_was_presumed_and_nothing_else() -> None:
    state = booked(("h1", -10)).at_risk("h2", 300).presume_lost().book("h3", 20)
    assert state.booked == (Booking("h1", -10), Booking("h2", -300, presumed=True), Booking("h3", 20))
    known = state.book("h2", 40)
    assert known.booked == (Booking("h1", -10), Booking("h3", 20), Booking("h2", 40))
    assert (known.session_result, known.total_result, known.hands) == (50, 50, 3)


def test_a_hand_is_open_from_the_first_chip() -> None:
    assert RiskState().at_risk("h", 0) == RiskState()
    assert RiskState().at_risk("h", 1).open_hand == OpenHand("h", 1)


def test_what_lies_in_the_open_hand_never_shrinks() -> None:
    state = RiskState().at_risk("h", 100)
    assert state.at_risk("h", 99).open_hand == OpenHand("h", 100)
    assert state.at_risk("h", 101).open_hand == OpenHand("h", 101)
