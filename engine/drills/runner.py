"""Runs a drill on a state directory of its own and makes its report: whatever happens, there is one."""

import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from engine.clock import SECOND, Clock, SystemClock, utc_now
from engine.config import Config
from engine.drills.drill import Bench, Criterion, Drill, DrillReport, Judged, Report

NOT_JUDGED = "was not judged"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a drill runs with. ``screen`` opens a virtual screen for the drills that need one.

    ``digest`` identifies the operator's configuration in the report and the certificate.
    """

    config: Config
    digest: str
    machine: str
    version: str
    screen: Callable[[], AbstractContextManager[object]]
    seed: int = 1
    sabotaged: bool = False
    long: bool = False
    clock: Clock = field(default_factory=SystemClock)
    utc: Callable[[], str] = utc_now


def run(drill: Drill, setting: Setting, report: Report) -> DrillReport:
    """The report of one run. An exception fails every criterion that was not judged by then, with its reason."""
    utc, began = setting.utc(), setting.clock.now()
    with tempfile.TemporaryDirectory(prefix="pitboss-drill-", ignore_cleanup_errors=True) as directory:
        bench = Bench(
            Path(directory),
            setting.config,
            seed=setting.seed,
            sabotaged=setting.sabotaged,
            long=setting.long,
            report=report,
        )
        problem = _carried_out(drill, setting, bench)
    criteria = tuple(_judged(criterion, bench) for criterion in drill.criteria)
    return DrillReport(
        drill=drill.name,
        title=drill.title,
        passed=not problem and all(judged.passed for judged in criteria),
        sabotaged=setting.sabotaged,
        caught=setting.sabotaged and all(_measured_as_failed(key, bench) for key in drill.sabotage.fails),
        utc=utc,
        took_s=round((setting.clock.now() - began) / SECOND, 3),
        version=setting.version,
        machine=setting.machine,
        config=setting.digest,
        problem=problem,
        criteria=criteria,
        figures=tuple(bench.figures),
    )


def _carried_out(drill: Drill, setting: Setting, bench: Bench) -> str:
    """Why the drill could not be carried out to its end, "" when it was."""
    bench.step("preparing", 0.0)
    try:
        with ExitStack() as stack:
            if drill.needs_screen:
                stack.enter_context(setting.screen())
            drill.run(bench)
    except Exception as error:  # a drill that breaks has failed, and its report says why
        return f"{type(error).__name__}: {' '.join(str(error).split())}"
    unknown = set(bench.judgements) - {criterion.key for criterion in drill.criteria}
    return f"judged what is no criterion: {', '.join(sorted(unknown))}" if unknown else ""


def _judged(criterion: Criterion, bench: Bench) -> Judged:
    parts: Sequence[tuple[bool, str]] = bench.judgements.get(criterion.key, ())
    if not parts:
        return Judged(criterion.text, False, NOT_JUDGED, criterion.limit)
    failed = [measured for passed, measured in parts if not passed]
    said = failed or [measured for _, measured in parts]
    return Judged(criterion.text, not failed, _without_place("; ".join(dict.fromkeys(said)), bench), criterion.limit)


def _without_place(text: str, bench: Bench) -> str:
    """Messages name files by their whole path; the drill's own directory is gone when they are read."""
    return text.replace(f"{bench.directory}{os.sep}", "")


def _measured_as_failed(key: str, bench: Bench) -> bool:
    return any(not passed for passed, _ in bench.judgements.get(key, ()))
