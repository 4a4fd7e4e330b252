"""What the supervisor's tests feed it: plain signals, one after another."""

from dataclasses import replace

from engine.clock import MILLISECOND, SECOND
from engine.safety.supervisor import (
    Conditions,
    Fault,
    Limits,
    Signals,
    SupervisorState,
    Transition,
    update,
)
from engine.words import Cause, Mode

LIMITS = Limits()
SAFE_WITHOUT_SOLVER = Limits(solver_lost_is_safe=True)
NOW = 100 * SECOND
BEAT = 100 * MILLISECOND

CALM = Signals(hand_running=True)
BETWEEN = Signals(hand_running=False)
GOOD = Signals(evaluated=True, hand_running=True)
BAD = Signals(evaluated=True, confidence=0.98, hand_running=True)
BLIND = Signals(blindness="another window covers the table", hand_running=True)
OUR_TURN = Signals(evaluated=True, hand_running=True, our_turn=True)
FAULT = Signals(faults=(Fault(Cause.MISFIRE, "a bet of 40", "a call"),), hand_running=True)


def such(signals: Signals = CALM, **wrong: str) -> Signals:
    """The signals with something wrong: ``such(solver="gone")``."""
    return replace(signals, conditions=Conditions(**wrong))


def faulty(cause: Cause) -> Signals:
    return replace(CALM, faults=(Fault(cause, "this was measured", "that is the limit"),))


def commanded(command: Cause, signals: Signals = CALM) -> Signals:
    return replace(signals, command=command)


def in_mode(mode: Mode, *pending: Cause) -> SupervisorState:
    return SupervisorState(mode=mode, reason="a test" if mode is not Mode.STANDBY else "", pending=frozenset(pending))


def fed(
    state: SupervisorState, *signals: Signals, every: int = BEAT, limits: Limits = LIMITS, now: int = NOW
) -> tuple[SupervisorState, list[Transition]]:
    """The state after the signals, one each ``every`` nanoseconds, and the transitions on the way."""
    made = []
    for number, signal in enumerate(signals):
        state, transition = update(state, now + number * every, signal, limits)
        if transition is not None:
            made.append(transition)
    return state, made


def way(made: list[Transition]) -> list[str]:
    """The transitions in short: "LIVE > HOLD: blind", "LIVE + cache-only: solver-lost", "... - cache-only"."""
    words = []
    for one in made:
        change = f"> {one.target}"
        if one.begun is not None:
            change = f"+ {one.begun}"
        elif one.ended is not None:
            change = f"- {one.ended}"
        words.append(f"{one.source} {change}: {one.cause}")
    return words
