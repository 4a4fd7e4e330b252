"""The supervisor's commands: where each leads, and when it is refused."""

import pytest

from engine.safety.supervisor import (
    COMMANDS,
    InvalidTransitionError,
    Signals,
    Transition,
    update,
)
from engine.words import Cause, Mode
from tests.safety.supervising import (
    LIMITS,
    NOW,
    SAFE_WITHOUT_SOLVER,
    commanded,
    in_mode,
    such,
)


@pytest.mark.parametrize(("source", "command"), list(COMMANDS), ids=[f"{m}-{c}" for m, c in COMMANDS])
def test_each_command_leads_where_its_row_says(source: Mode, command: Cause) -> None:
    state, made = update(in_mode(source), NOW, Signals(command=command), LIMITS)
    assert made == Transition(source, COMMANDS[source, command], command, "operator", "")
    assert state.mode is COMMANDS[source, command]


def test_the_commands_are_these_and_no_others() -> None:
    assert {f"{source} {cause}: {target}" for (source, cause), target in COMMANDS.items()} == {
        "STANDBY arm: LIVE",
        "SHADOW arm: LIVE",
        "STANDBY shadow-on: SHADOW",
        "SHADOW disarm: STANDBY",
        "LIVE disarm: STANDBY",
        "SAFE disarm: STANDBY",
        "HOLD disarm: STANDBY",
        "LIVE finish: SAFE",
        "SAFE finish: SAFE",
        "HOLD finish: HOLD",
        "STOPPED reset: STANDBY",
    }


INVALID = [(mode, cause) for mode in Mode for cause in Cause if (mode, cause) not in COMMANDS]


@pytest.mark.parametrize("mode", Mode)
def test_every_other_command_raises_and_changes_nothing(mode: Mode) -> None:
    for _, cause in (pair for pair in INVALID if pair[0] is mode):
        before = in_mode(mode)
        with pytest.raises(InvalidTransitionError, match=f"{cause} is not possible in {mode}"):
            update(before, NOW, commanded(cause), LIMITS)
        assert before == in_mode(mode)


@pytest.mark.parametrize("mode", [Mode.SAFE, Mode.HOLD])
def test_finishing_is_asked_for_once(mode: Mode) -> None:
    with pytest.raises(InvalidTransitionError, match=f"finish is not possible in {mode}"):
        update(in_mode(mode, Cause.FINISH), NOW, commanded(Cause.FINISH), LIMITS)


@pytest.mark.parametrize("name", ["event", "calendar", "desk"])
@pytest.mark.parametrize("source", [Mode.STANDBY, Mode.SHADOW])
def test_arming_is_refused_while_what_would_end_it_holds(source: Mode, name: str) -> None:
    with pytest.raises(InvalidTransitionError, match="arm is not possible: the reason"):
        update(in_mode(source), NOW, such(commanded(Cause.ARM), **{name: "the reason"}), LIMITS)


def test_arming_without_a_solver_is_refused_only_where_that_means_safe_mode() -> None:
    arm = such(commanded(Cause.ARM), solver="gone", advisers="gone", pressure="none left")
    assert update(in_mode(Mode.STANDBY), NOW, arm, LIMITS)[0].mode is Mode.LIVE
    with pytest.raises(InvalidTransitionError, match="arm is not possible: gone"):
        update(in_mode(Mode.STANDBY), NOW, arm, SAFE_WITHOUT_SOLVER)
