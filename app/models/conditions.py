"""What is not as usual just now, in few words: alarms to acknowledge, SAFE, what the bot does without, a drill."""

from dataclasses import dataclass
from enum import Enum

from app.models.alarm_rows import WAITING
from app.models.wording import reason_text, sentence
from engine.words import AlarmView, Degradation, Mode, Priority, Snapshot

DEGRADED = {
    Degradation.GTO_ONLY: "the advisers are out, the solver decides alone",
    Degradation.CACHE_ONLY: "the solver is out: a stored answer where there is one, else check or fold",
    Degradation.LEAN: "the machine is short of time: less thinking, stored answers first",
}


class Look(Enum):
    """How a condition is dressed."""

    ALARM = "alarm"
    WARNING = "warning"
    DRILL = "drill"


@dataclass(frozen=True, slots=True)
class Condition:
    """A word for its chip, what it means, its look, and the panel that tells more."""

    chip: str
    text: str
    look: Look
    panel: str


def conditions(snapshot: Snapshot, drill: str = "") -> tuple[Condition, ...]:
    """What to show for a snapshot while the drill with the title ``drill`` runs ("" for none)."""
    found: list[Condition] = []
    # The stop itself is the banner's to tell.
    told = None if snapshot.panic is None else str(snapshot.panic.cause)
    waiting = [alarm for alarm in snapshot.alarms if alarm.state in WAITING and alarm.key != told]
    if waiting:
        found.append(_alarms(waiting))
    if snapshot.mode is Mode.SAFE:
        found.append(Condition("SAFE", f"check or fold only: {_safe_reason(snapshot)}", Look.WARNING, "health"))
    if snapshot.mode is not Mode.STOPPED:
        shown = sorted(snapshot.degraded, key=list(Degradation).index)
        found += [Condition(str(each), DEGRADED[each], Look.WARNING, "health") for each in shown]
    if drill:
        text = f"{drill} runs in a place of its own and does not touch this engine"
        found.append(Condition("DRILL", text, Look.DRILL, "drills"))
    return tuple(found)


def _alarms(waiting: list[AlarmView]) -> Condition:
    first, count = waiting[0], len(waiting)
    urgent = any(alarm.priority >= Priority.HIGH for alarm in waiting)
    more = f", and {count - 1} more" if count > 1 else ""
    chip = f"{count} ALARM{'S' if count > 1 else ''}"
    return Condition(chip, f"{first.title}{more}", Look.ALARM if urgent else Look.WARNING, "alarms")


def _safe_reason(snapshot: Snapshot) -> str:
    return reason_text(snapshot.mode_reason) or "no reason is recorded"


def conditions_text(found: tuple[Condition, ...]) -> str:
    """All of them in one line, the gravest first."""
    return " · ".join(sentence(each.text) for each in found)
