"""The page docs/drills.md, made of the catalogue and of the figures that `pitboss drill --all --figures` measured."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.config.places import root
from engine.drills.catalogue import CATALOGUE
from engine.drills.drill import Drill

PAGE = root() / "docs" / "drills.md"
FIGURES = root() / "docs" / "drills_figures.json"

HEAD = """# Drills

A drill makes a failure on purpose and measures the answer. This page is made by `python -m engine.drills` from the
drills themselves and from [drills_figures.json](drills_figures.json), which
`./run drill --all --figures docs/drills_figures.json` writes.

Every drill has a state directory of its own: it can neither stop, spend nor unlock anything of the operator's. One that
needs windows opens them on a virtual screen of its own. Drills in virtual time play on the whole engine with a clock
that moves only when it is told to; where a process, a window or a signal is what matters, the real ones are taken.

| command | what it does |
|---|---|
| `./run drill --list` | names the drills |
| `./run drill panic-stop` | runs one, with its progress, and says what was measured |
| `./run drill --all` | runs every drill |
| `./run drill --all --profile prod` | runs every drill and certifies the prod profile, which does not arm before |
| `./run drill panic-stop --sabotage` | takes the drill's guard away: the drill must then fail, else it proves nothing |
| `./run drill kill-9 --long` | the thorough form, with many repetitions |

The console's drills panel runs the same command. Exit code 0 says that every run came out as it must, 1 that one did
not, 2 that the words were wrong.

Each run leaves a folder in the profile's `drills` directory: `report.html` to read and print, `report.json`,
`junit.xml`, and `journal.sqlite` with the report in a row of kind "drill". A green run also makes the drill's
certificate; a failed one takes it back. The prod profile arms only with a current certificate of every mandatory drill
(`drills.mandatory`): one made on this machine, by this version, with this configuration (the same `--config`), not
longer ago than `drills.valid_days`. Its event calendar has to be confirmed too: [event_calendar.md](event_calendar.md).

A criterion that is not judged has failed, and so has a drill that breaks. A sabotaged run counts as found only when the
criteria that its guard stands for were measured as failed, not when the run merely broke.
"""


def text(figures: Mapping[str, Any]) -> str:
    """The page. ``figures`` is the content of the figures file; a drill that is not in it has not been measured."""
    return "\n".join(
        [HEAD, _overview(figures), *(_section(drill, figures.get(drill.name)) for drill in CATALOGUE.values())]
    )


def figures() -> dict[str, Any]:
    """The committed figures, none when there is no file."""
    if not FIGURES.exists():
        return {}
    content: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8"))
    return content


def write(path: Path = PAGE) -> None:
    """Write the page."""
    path.write_text(text(figures()), encoding="utf-8")


def _overview(measured: Mapping[str, Any]) -> str:
    rows = ["| drill | on | result | took |", "|---|---|---|---|"]
    for drill in CATALOGUE.values():
        found = measured.get(drill.name)
        where = "a virtual screen" if drill.needs_screen else "virtual time"
        result = "not measured | " if found is None else f"{_word(found['passed'])} | {found['took_s']:.1f} s"
        rows.append(f"| [{drill.name}](#{drill.name}) | {where} | {result} |")
    return "## Overview\n\n" + "\n".join(rows) + "\n"


def _section(drill: Drill, found: Mapping[str, Any] | None) -> str:
    judged = {} if found is None else {one["text"]: one for one in found["criteria"]}
    rows = ["| criterion | limit | measured |", "|---|---|---|"]
    for criterion in drill.criteria:
        one = judged.get(criterion.text)
        measured = "" if one is None else _cell(one["measured"]) + ("" if one["passed"] else " (**failed**)")
        rows.append(f"| {_cell(criterion.text)} | {_cell(criterion.limit)} | {measured} |")
    parts = [f"## {drill.name}", drill.purpose, "\n".join(rows), f"Sabotage: {drill.sabotage.text}."]
    if found is not None and found["figures"]:
        lines = [
            f"| {_cell(one['name'])} | {one['value']:g} {one['unit']} |".replace("  |", " |")
            for one in found["figures"]
        ]
        parts.append("\n".join(["| figure | value |", "|---|---|", *lines]))
    return "\n\n".join(parts) + "\n"


def _word(passed: bool) -> str:
    return "passed" if passed else "**failed**"


def _cell(content: str) -> str:
    return content.replace("|", "\\|").replace("\n", " ")
