"""The rest of the alarm table: what degrades, fails or runs short without a stop, and all rows together."""

from engine.clock import SECOND
from engine.safety.alarm_table import LOW_HEADROOM, SOON_S, STOPS, Alarm
from engine.words import Cause, Component, Priority

_LOW, _MEDIUM, _HIGH = Priority.LOW, Priority.MEDIUM, Priority.HIGH
_SHARE = f"Less than {LOW_HEADROOM:.0%} of the limit is left"

DEGRADATIONS: tuple[Alarm, ...] = (
    Alarm(
        "blind",
        "The table cannot be seen",
        _HIGH,
        "The table is covered, minimised, moved, off the screen or cannot be captured; the bot holds.",
        "Uncover the table window and leave it in its place: when HOLD reaches its limit, the bot stops.",
        causes=frozenset({Cause.BLIND}),
        on_delay=SECOND,
        off_delay=SECOND,
        hidden_by=frozenset({"eyes", "hold-limit", "confidence"}),
    ),
    Alarm(
        "solver",
        "The solver is lost",
        _MEDIUM,
        "The solver does not answer, is started again or cannot be reached.",
        "Stored answers or check and fold are played meanwhile. If it does not come back by itself, press FINISH "
        "SAFELY and see in the health panel why.",
        causes=frozenset({Cause.SOLVER_LOST}),
        component=Component.SOLVER,
        on_delay=SECOND,
        off_delay=2 * SECOND,
        hidden_by=frozenset({"restart-budget"}),
    ),
    Alarm(
        "advisers",
        "The advisers are lost",
        _LOW,
        "The advisers do not answer, answer nonsense or answer too late.",
        "The solver plays alone meanwhile. Check the advisers' address, key and token budget before the next session.",
        causes=frozenset({Cause.ADVISERS_LOST}),
        component=Component.ADVISERS,
        on_delay=5 * SECOND,
        off_delay=5 * SECOND,
        hidden_by=frozenset({"restart-budget"}),
    ),
    Alarm(
        "resources",
        "The machine is short of time or memory",
        _MEDIUM,
        "Steps of the engine come late, or memory is nearly used up; the time to think is cut.",
        "Close other programs. If it stays, press FINISH SAFELY.",
        causes=frozenset({Cause.RESOURCES}),
        on_delay=2 * SECOND,
        off_delay=5 * SECOND,
    ),
    Alarm(
        "event-window",
        "An event window is open",
        _LOW,
        "The calendar names an event now, during which no hand may begin.",
        "Wait until the window has passed, then arm again.",
        causes=frozenset({Cause.EVENT_WINDOW}),
    ),
    Alarm(
        "event-soon",
        "An event window comes soon",
        _LOW,
        f"The next event window of the calendar begins within {SOON_S / 60:.0f} minutes.",
        "Press FINISH SAFELY before it begins, or let the bot finish its hand and stand by on its own.",
        hidden_by=frozenset({"event-window"}),
    ),
    Alarm(
        "calendar-stale",
        "The event calendar cannot be trusted",
        _MEDIUM,
        "No source of the calendar can be read, or none was renewed in time.",
        "Renew the calendar's file or mend the way to its address, as the calendar's page says; then arm again.",
        causes=frozenset({Cause.CALENDAR_STALE}),
        on_delay=2 * SECOND,
        off_delay=2 * SECOND,
    ),
    Alarm(
        "desk-changed",
        "The screen or the machine changed under the bot",
        _MEDIUM,
        "The screen was locked, a monitor changed or the machine slept; the bot stands by.",
        "Look at the table, put the windows back in their places, then arm again.",
        causes=frozenset({Cause.DESK_CHANGED}),
    ),
)

COMPONENTS: tuple[Alarm, ...] = (
    Alarm(
        "eyes",
        "The eyes do not work",
        _HIGH,
        "Capture or recognition fails, stands still or is started again.",
        "Be ready to take over the hand. If they do not come back by themselves, the bot stops; see the health panel.",
        component=Component.EYES,
        on_delay=SECOND,
        off_delay=2 * SECOND,
        hidden_by=frozenset({"restart-budget", "hold-limit"}),
    ),
    Alarm(
        "journal-writer",
        "The journal falls behind",
        _HIGH,
        "The journal cannot write, or its disk is slow; without it nothing is pressed.",
        "Free the disk or stop what loads it. Press FINISH SAFELY if it stays.",
        component=Component.JOURNAL,
        on_delay=SECOND,
        off_delay=5 * SECOND,
        hidden_by=frozenset({"journal"}),
    ),
    Alarm(
        "actuator",
        "The actuator does not answer",
        _HIGH,
        "The program that presses does not answer, while it should.",
        "Press PANIC STOP and finish the hand by hand.",
        component=Component.ACTUATOR,
        on_delay=SECOND,
        off_delay=SECOND,
        hidden_by=frozenset({"actuator-lost"}),
    ),
    Alarm(
        "watchdog-process",
        "The watchdog does not answer",
        _HIGH,
        "The program that watches over the actuator does not answer, while it should.",
        "Press PANIC STOP and finish the hand by hand.",
        component=Component.WATCHDOG,
        on_delay=SECOND,
        off_delay=SECOND,
        hidden_by=frozenset({"watchdog-lost"}),
    ),
    Alarm(
        "last-restart",
        "The next failure of a part stops the bot",
        _MEDIUM,
        "A component has used up its restarts.",
        "Press FINISH SAFELY and find out in the health panel why it fails, before the bot stops in the middle of a "
        "hand.",
        hidden_by=frozenset({"restart-budget"}),
    ),
)

RISKS: tuple[Alarm, ...] = (
    Alarm(
        "risk-session",
        "The session's loss nears its limit",
        _MEDIUM,
        f"{_SHARE} of what a session may lose.",
        "Decide whether to play on: press FINISH SAFELY to end in order, since the limit stops the bot at once.",
        off_delay=5 * SECOND,
        hidden_by=frozenset({"risk-limit"}),
    ),
    Alarm(
        "risk-bankroll",
        "The bankroll nears its floor",
        _MEDIUM,
        f"What is left above the floor is less than {LOW_HEADROOM:.0%} of what one session may lose.",
        "Press FINISH SAFELY. Lower the session's limit, or give the bot more chips on purpose.",
        off_delay=5 * SECOND,
        hidden_by=frozenset({"risk-limit"}),
    ),
    Alarm(
        "risk-hand",
        "The hand's commitment nears its limit",
        _LOW,
        f"{_SHARE} of what may be put into one hand.",
        "Watch this hand: an action beyond the limit is refused and stops the bot. Be ready to take over.",
        off_delay=5 * SECOND,
        hidden_by=frozenset({"risk-limit"}),
    ),
    Alarm(
        "risk-hands",
        "The session nears its number of hands",
        _LOW,
        f"{_SHARE} of the hands of a session.",
        "Press FINISH SAFELY between two hands, and begin a new session.",
        off_delay=5 * SECOND,
        hidden_by=frozenset({"risk-limit"}),
    ),
)

DUTIES: tuple[Alarm, ...] = (
    Alarm(
        "drills-due",
        "Drills are due",
        _LOW,
        "A mandatory drill has no current green record on this machine, version and configuration.",
        "Open the drills panel and run what is due; the prod profile does not arm before.",
    ),
)

ALARMS: tuple[Alarm, ...] = (*STOPS, *DEGRADATIONS, *COMPONENTS, *RISKS, *DUTIES)
BY_KEY = {alarm.key: alarm for alarm in ALARMS}
BY_CAUSE = {cause: alarm for alarm in ALARMS for cause in alarm.causes}
BY_COMPONENT = {alarm.component: alarm for alarm in ALARMS if alarm.component is not None}
