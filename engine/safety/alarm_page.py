"""docs/alarms.md, written from the alarm table."""

from engine.clock import SECOND
from engine.safety.alarm_rows import BY_KEY, COMPONENTS, DEGRADATIONS, DUTIES, RISKS
from engine.safety.alarm_table import STOPS, Alarm
from engine.safety.alarms import SHELF_MINUTES

_INTRODUCTION = f"""\
# Alarms

Generated from the table in `engine/safety` by `python -m engine.safety`.

An alarm is something that needs an answer of the operator's; everything else is a line of the event log. A new alarm
is unacknowledged until the operator has acknowledged it in the alarms panel. When its condition is gone, an
acknowledged alarm leaves the list; one that nobody has acknowledged stays in it as returned, so that none is lost in
silence. The alarm of a stop stands until the reset.

Priorities say how soon to act: **urgent** at once, **high** within the hand, **medium** within minutes, **low** when
there is time. Delays keep out what passes by itself. While an alarm's reason has an alarm of its own, the mere
consequence is not raised.

What needs an answer, but not now, can be shelved for {SHELF_MINUTES} minutes: it goes to the end of the list, is not
counted, and comes back by itself, unacknowledged if its condition still stands; it can also be brought back before.
While an alarm is shelved, its consequences are raised for themselves. The alarm of a stop cannot be shelved. The
journal has what was raised, acknowledged, shelved and brought back.
"""
_GROUPS = (
    ("Stops", STOPS),
    ("Holds and degradations", DEGRADATIONS),
    ("Components", COMPONENTS),
    ("Risk", RISKS),
    ("Duties", DUTIES),
)


def text() -> str:
    """The whole page."""
    parts = [_INTRODUCTION]
    for title, alarms in _GROUPS:
        parts += [f"## {title}\n", _overview(alarms), *map(_section, alarms)]
    return "\n".join(parts)


def _overview(alarms: tuple[Alarm, ...]) -> str:
    rows = [f"| [{alarm.title}](#{alarm.key}) | {alarm.priority.name.lower()} |" for alarm in alarms]
    return "\n".join(["| alarm | priority |", "|---|---|", *rows, ""])


def _section(alarm: Alarm) -> str:
    lines = [
        f"### {alarm.key}\n",
        f"**{alarm.title}.** Priority {alarm.priority.name.lower()}. {_delays(alarm)}\n",
        f"What it stands for: {alarm.stands_for}\n",
        f"What to do: {alarm.response}\n",
    ]
    if alarm.hidden_by:
        titles = " · ".join(f"[{BY_KEY[key].title}](#{key})" for key in sorted(alarm.hidden_by))
        lines.append(f"Not raised while one of these stands: {titles}\n")
    return "\n".join(lines)


def _delays(alarm: Alarm) -> str:
    if alarm.latched:
        return "Raised at once; stands until the reset."
    raised = f"Raised after {alarm.on_delay / SECOND:g} s" if alarm.on_delay else "Raised at once"
    gone = f"gone after {alarm.off_delay / SECOND:g} s" if alarm.off_delay else "gone at once"
    return f"{raised}; {gone} without its condition."
