"""docs/safety_table.md, written from the table of causes."""

from collections.abc import Iterable

from engine.clock import SECOND
from engine.safety.alarm_rows import BY_CAUSE
from engine.safety.signals import ARMED, Limits
from engine.safety.table import COMMANDS, DEGRADING, EVERY, LESS, REPORTED, RUNNING, STOPS, Clears, Row
from engine.words import Cause, Degradation, Mode

PAGE = "docs/safety_table.md"

_INTRODUCTION = """\
# What stops it, what holds it back, and what lets it go on

Generated from the table in `engine/safety/table.py` by `python -m engine.safety`. Times are those of the default
configuration.

| mode | what the bot does |
|---|---|
{modes}

Beside the mode it may have to do without something. That is a degradation; each comes and goes on its own.

| degradation | what the bot does without |
|---|---|
{degradations}

How the table is read:

- Of the causes that hold at one moment the first that stops wins, then a command of the operator's, then the others
  from top to bottom.
- What permits less takes effect at once and is recorded after; that it cannot be recorded changes nothing. What permits
  more (arming, a reset, leaving SAFE or HOLD) is on the disk before it takes effect, or does not take effect.
- SAFE is left only when every cause that led there has cleared. A cause of SAFE that comes during HOLD is remembered:
  the hold then ends in SAFE. A cause that ends in STANDBY wins over one that would let it go on.
- A degraded mode that cannot be held becomes STOPPED.
- STOPPED survives the end of the program. A session that ended while armed is found STOPPED too, and so is one whose
  permission file cannot be read.
- Arming is refused while a cause holds that would take the leave away at once.
- A component is lost, and healthy again, when the health monitor says so: after `health.down_after_ms` of not being
  ready, and after `health.up_after_ms` of being ready again.
"""

_MODES = {
    Mode.STANDBY: "Nothing. It waits to be armed.",
    Mode.SHADOW: "Decides and shows what it would do, and never presses.",
    Mode.LIVE: "Plays.",
    Mode.SAFE: "Checks where that is free and folds otherwise, nothing else.",
    Mode.HOLD: "Presses nothing: the eyes are shut for a known reason.",
    Mode.STOPPED: "Nothing, until the operator has found the cause and resets.",
}
_WITHOUT = {
    Degradation.GTO_ONLY: "The advisers: the solver decides alone.",
    Degradation.CACHE_ONLY: "The solver: a stored answer for exactly this spot, else check or fold.",
    Degradation.LEAN: "Time: solver and advisers get half of theirs, and stored answers come first.",
}
_COMMANDS = {
    Cause.ARM: "arm",
    Cause.DISARM: "disarm",
    Cause.SHADOW_ON: "shadow",
    Cause.FINISH: "finish safely",
    Cause.RESET: "reset",
}
_LIMITS = Limits()


def text() -> str:
    """The whole page."""
    modes = "\n".join(f"| {mode} | {words} |" for mode, words in _MODES.items())
    degradations = "\n".join(f"| {degradation} | {words} |" for degradation, words in _WITHOUT.items())
    parts = [
        _INTRODUCTION.format(modes=modes, degradations=degradations),
        "## Causes that stop\n",
        _table((*REPORTED, *STOPS)),
        "## Causes that hold it back\n",
        _table(LESS),
        "## Causes that degrade\n",
        _table(DEGRADING),
        "## Commands of the operator\n",
        _commands(),
    ]
    return "\n".join(parts)


def _table(rows: Iterable[Row]) -> str:
    head = ["| cause | when | in | for | leads to | clears |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *map(_line, rows), ""])


def _line(row: Row) -> str:
    cause = f"[`{row.cause}`](alarms.md#{BY_CAUSE[row.cause].key})"
    when = f"{row.title}, where {row.applies}" if row.applies else row.title
    return f"| {cause} | {when} | {_in(row.modes)} | {_for(row)} | {_leads(row)} | {_clears(row)} |"


def _in(modes: frozenset[Mode]) -> str:
    if modes == EVERY:
        return "every mode"
    if modes == RUNNING:
        return "every mode but STOPPED"
    if modes == ARMED:
        return "LIVE, SAFE, HOLD"
    return ", ".join(str(mode) for mode in Mode if mode in modes)


def _for(row: Row) -> str:
    if row.cause is Cause.CONFIDENCE:
        return f"{_LIMITS.bad_frames} evaluated frames in a row below {_LIMITS.confidence:g}"
    delay = row.on_delay(_LIMITS)
    return _seconds(delay) if delay else "at once"


def _leads(row: Row) -> str:
    if row.clears is Clears.HAND_END:
        return f"{row.leads_to} to the end of the hand, then STANDBY; without a hand STANDBY at once"
    return str(row.leads_to)


def _clears(row: Row) -> str:
    return f"{row.clears} (recorded as `{row.back}`)" if row.back is not None else str(row.clears)


def _seconds(nanoseconds: int) -> str:
    return f"{nanoseconds / SECOND:g} s"


def _commands() -> str:
    lines = [f"| {_COMMANDS[cause]} | {mode} | {_target(mode, cause)} |" for (mode, cause) in COMMANDS]
    return "\n".join(["| command | in | leads to |", "|---|---|---|", *lines, ""])


def _target(mode: Mode, cause: Cause) -> str:
    target = COMMANDS[mode, cause]
    if cause is Cause.FINISH:
        held = "HOLD, and SAFE once the eyes are back" if target is Mode.HOLD else str(target)
        return f"{held}; STANDBY with the end of the hand (`{Cause.HAND_OVER}`)"
    return str(target)
