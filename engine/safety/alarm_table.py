"""The table of alarms: for each what it stands for, how urgent it is, its delays and what the operator is to do.

What needs no answer of the operator's is a line of the event log and has no row here (ISA-18.2, IEC 62682).
"""

from dataclasses import dataclass

from engine.words import Cause, Component, Priority

PAGE = "docs/alarms.md"
SOON_S = 900.0
"""Seconds before an event window at which its alarm comes."""
LOW_HEADROOM = 0.2
"""Share of a risk limit left below which its alarm comes."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One row. ``on_delay`` and ``off_delay`` (ns): how long the condition has to stand, or be gone, to count.

    ``stands_for`` says the condition in words, ``causes`` and ``component`` name it where it is one of theirs.
    ``hidden_by`` names alarms of which this one is a mere consequence: while one of them is active, it is not raised.
    """

    key: str
    title: str
    priority: Priority
    stands_for: str
    response: str
    causes: frozenset[Cause] = frozenset()
    component: Component | None = None
    latched: bool = False
    on_delay: int = 0
    off_delay: int = 0
    hidden_by: frozenset[str] = frozenset()

    @property
    def page(self) -> str:
        """The document and anchor that explain it."""
        return f"{PAGE}#{self.key}"


def _stop(cause: Cause, title: str, priority: Priority, stands_for: str, response: str) -> Alarm:
    """A stop has no delay, and stands until its reset."""
    return Alarm(cause.value, title, priority, stands_for, response, frozenset({cause}), latched=True)


_LOW, _HIGH, _URGENT = Priority.LOW, Priority.HIGH, Priority.URGENT
_OWN_WILL = "When the reason for it is gone, reset; arming is a second step. If nobody asked for it, find out who did."

STOPS: tuple[Alarm, ...] = (
    _stop(
        Cause.TABLE_GUARD,
        "The table is not proved local",
        _URGENT,
        "The table guard refused the table's window.",
        "Take over the hand yourself. Close what the reason names, and reset only when the table is local for certain.",
    ),
    _stop(
        Cause.MISFIRE,
        "Presses did not take effect",
        _URGENT,
        "A press showed no effect on the screen and its retries are used up.",
        "Look at the table at once: what was pressed, and does anything wait for you? Finish the hand by hand, find "
        "what took the press (another window, a dialog, a person at the mouse), then reset.",
    ),
    _stop(
        Cause.ACTUATOR_LOST,
        "The actuator process was lost",
        _URGENT,
        "The program that presses ended, or stopped answering, while it was armed.",
        "Check that no mouse button or key is held down: click once on the desk. Finish the hand by hand, then reset.",
    ),
    _stop(
        Cause.WATCHDOG_LOST,
        "The watchdog process was lost",
        _URGENT,
        "The program that watches over the actuator ended, or met a fault, while it was armed.",
        "Check that no mouse button or key is held down: click once on the desk. Finish the hand by hand, then reset.",
    ),
    _stop(
        Cause.CONFIDENCE,
        "The eyes lost confidence",
        _HIGH,
        "Frames in a row were read with a confidence below the limit, and the eyes know no reason for it.",
        "Finish the hand by hand. Look for what hides or distorts the table: a pop-up, another scale, another theme. "
        "When the picture is clean, reset.",
    ),
    _stop(
        Cause.HOLD_LIMIT,
        "The eyes were shut for too long",
        _HIGH,
        "The table was covered, minimised, moved or not captured for longer than HOLD may last.",
        "Finish the hand by hand. Uncover the table window and keep it still, then reset.",
    ),
    _stop(
        Cause.RISK_LIMIT,
        "A risk limit was reached",
        _HIGH,
        "The next action, or the hand just over, went beyond a limit of the risk section.",
        "Finish the hand by hand. Read the risk panel; raise a limit in the configuration only on purpose, then reset.",
    ),
    _stop(
        Cause.WATCHDOG,
        "The watchdog fired",
        _HIGH,
        "The engine or the eyes made no progress for longer than the watchdog's limit.",
        "Finish the hand by hand. See in the health panel which part stood still, and close programs that take the "
        "processor; then reset.",
    ),
    _stop(
        Cause.ENGINE_FAULT,
        "The engine met a fault",
        _HIGH,
        "A step of the engine failed in a way that it has no rule for.",
        "Finish the hand by hand. Keep the session's journal for the engineers, then reset.",
    ),
    _stop(
        Cause.RESTART_BUDGET,
        "A part had to be started again too often",
        _HIGH,
        "A component failed more often than its restart budget allows.",
        "Finish the hand by hand. See in the health panel which part it is and why it fails; mend that, then reset.",
    ),
    _stop(
        Cause.SAFE_FAILED,
        "Safe mode could not be kept up",
        _HIGH,
        "Not even a check or a fold could be played.",
        "Finish the hand by hand. Find out why safe mode was entered and why its press failed, then reset.",
    ),
    _stop(
        Cause.JOURNAL,
        "An intent could not be journaled in time",
        _HIGH,
        "An intent was not on the disk within the time allowed, so it was not pressed.",
        "Finish the hand by hand. Free the disk or choose a faster one, then reset.",
    ),
    _stop(
        Cause.UNCLEAN_END,
        "The last session did not end in order",
        _HIGH,
        "At the start the permission of the last session was still there.",
        "Look at the table and finish what was left open. See that the disk is not full, check the figures with "
        "`pitboss check --risk`, then reset.",
    ),
    _stop(
        Cause.LATCH_UNREADABLE,
        "The stop record cannot be read",
        _HIGH,
        "The record of permission is damaged or missing where it is expected.",
        "Check the disk and the state directory. Look at the table and at the end of the last session, then reset.",
    ),
    _stop(
        Cause.OPERATOR_BUTTON,
        "The operator pressed PANIC STOP",
        _LOW,
        "PANIC STOP was pressed in the console.",
        _OWN_WILL,
    ),
    _stop(
        Cause.OPERATOR_HOTKEY,
        "The operator's stop key was pressed",
        _LOW,
        "The stop hotkey was pressed.",
        _OWN_WILL,
    ),
    _stop(
        Cause.OPERATOR_COMMAND,
        "The operator called `pitboss stop`",
        _LOW,
        "`pitboss stop` was called.",
        _OWN_WILL,
    ),
    _stop(
        Cause.OPERATOR_CORNER,
        "The pointer went into a corner of the screen",
        _LOW,
        "The pointer was moved into a corner of the screen.",
        _OWN_WILL,
    ),
)
