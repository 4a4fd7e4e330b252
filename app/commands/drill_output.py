"""What `pitboss drill` says: a progress bar for people, JSON lines for the console's panel, and the list of drills."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Protocol

from engine.drills.drill import Drill, DrillReport
from engine.drills.keeping import Kept

BAR = 24
WIDTH = 100


class Output(Protocol):
    """Where a run is told."""

    def started(self, drill: Drill) -> None: ...

    def step(self, text: str, done: float) -> None: ...

    def finished(self, report: DrillReport, kept: Kept) -> None: ...


class Quiet:
    """Says nothing: the reports follow as JSON."""

    def started(self, drill: Drill) -> None:
        pass

    def step(self, text: str, done: float) -> None:
        pass

    def finished(self, report: DrillReport, kept: Kept) -> None:
        pass


class EventLines:
    """One JSON object a line on the standard output."""

    def started(self, drill: Drill) -> None:
        self._say(event="started", drill=drill.name, title=drill.title, criteria=drill.to_json()["criteria"])

    def step(self, text: str, done: float) -> None:
        self._say(event="step", text=text, done=round(done, 4))

    def finished(self, report: DrillReport, kept: Kept) -> None:
        self._say(event="finished", passed=report.passed, **told_result(report, kept))

    @staticmethod
    def _say(**event: Any) -> None:
        print(json.dumps(event), flush=True)


class Lines:
    """For people: a bar on a terminal's standard error, the result on the standard output unless JSON follows there."""

    def __init__(self, *, say_result: bool = True) -> None:
        self._say_result = say_result
        self._terminal = sys.stderr.isatty()

    def started(self, drill: Drill) -> None:
        print(f"{drill.title}: {drill.purpose}", file=sys.stderr, flush=True)

    def step(self, text: str, done: float) -> None:
        if self._terminal:
            full = round(done * BAR)
            line = f"[{'#' * full}{'.' * (BAR - full)}] {done:4.0%} {text}"
            print(f"\r{line[:WIDTH]:{WIDTH}}", end="", file=sys.stderr, flush=True)

    def finished(self, report: DrillReport, kept: Kept) -> None:
        if self._terminal:
            print(f"\r{'':{WIDTH}}\r", end="", file=sys.stderr, flush=True)
        if self._say_result:
            print(printed(report, kept), flush=True)


def printed(report: DrillReport, kept: Kept) -> str:
    """The result in words."""
    lines = [f"{report.title}: {outcome(report)} in {report.took_s:.1f} s"]
    for judged in report.criteria:
        lines.append(f"  {'passed' if judged.passed else 'FAILED'}  {judged.text}")
        lines.append(f"          measured {judged.measured}; limit {judged.limit}")
    lines += [f"  {figure.name}: {figure.value:g} {figure.unit}".rstrip() for figure in report.figures]
    if report.problem:
        lines.append(f"  not carried out to its end: {report.problem}")
    return "\n".join([*lines, f"  report: {kept.html}"])


def outcome(report: DrillReport) -> str:
    """One line on how it came out."""
    if not report.sabotaged:
        return "PASSED" if report.passed else "FAILED"
    return "failed, as it must without its guard" if report.well else "THE SABOTAGE WAS NOT FOUND"


def told_result(report: DrillReport, kept: Kept) -> dict[str, Any]:
    """The report and where it lies."""
    return {"report": report.to_json(), "html": str(kept.html), "junit": str(kept.junit), "json": str(kept.json)}


def listed(drills: Sequence[Drill], *, as_json: bool) -> str:
    """The drills, for people or as JSON."""
    if as_json:
        return json.dumps([drill.to_json() for drill in drills], indent=1)
    width = max(len(drill.name) for drill in drills)
    return "\n".join(f"{drill.name:{width}}  {drill.purpose}" for drill in drills)


def figures_of(reports: Sequence[DrillReport]) -> dict[str, Any]:
    """What was measured, drill by drill, as docs/drills.md is made of it."""
    return {
        report.drill: {
            "passed": report.passed,
            "took_s": report.took_s,
            "criteria": [asdict(judged) for judged in report.criteria],
            "figures": [asdict(figure) for figure in report.figures],
        }
        for report in reports
    }
