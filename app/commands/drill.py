"""`pitboss drill`: runs the drills, each on a state directory of its own, and keeps their reports and certificates."""

import argparse
import importlib
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from app import __version__
from app.commands.common import EXIT_FAILED, EXIT_USAGE, add_profile_options, configured, told
from app.commands.drill_output import EventLines, Lines, Output, Quiet, figures_of, listed, told_result
from app.desk.virtual_screen import virtual_screen
from engine.config import Config
from engine.drills.catalogue import CATALOGUE
from engine.drills.drill import Drill, DrillReport
from engine.drills.keeping import Kept, keep
from engine.drills.runner import Setting, run
from engine.durable import replace_file
from engine.safety.certificates import Certificate, drilled_config, grant, machine_id, withdraw
from engine.safety.instance import AlreadyRunningError, InstanceLock

EXIT_CANCELLED = 130
SIMULATE = "simulate"


def main(arguments: list[str]) -> int:
    """Drill: 0 when every run came out as it must, 1 when one did not, 2 for wrong words."""
    if arguments[:1] == [SIMULATE]:
        simulate = importlib.import_module("app.commands.drill_simulate").main
        return int(simulate(arguments[1:]))
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.list:
        print(listed(tuple(CATALOGUE.values()), as_json=options.json))
        return 0
    if options.all == bool(options.name):
        print("pitboss drill: name one drill, or give --all; --list shows them", file=sys.stderr)
        return EXIT_USAGE
    if options.name and options.name not in CATALOGUE:
        print(f"pitboss drill: there is no drill {options.name!r}: {', '.join(CATALOGUE)}", file=sys.stderr)
        return EXIT_USAGE
    try:
        with _ended_in_order():
            return told(lambda: _drill(options))
    except KeyboardInterrupt:
        print("\ncancelled: no report was made, and the certificate of the drill stands as before", file=sys.stderr)
        return EXIT_CANCELLED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pitboss drill",
        description="Run a drill: make a failure on purpose, on a state directory of its own, and measure the answer. "
        "`pitboss drill simulate` plays hours of virtual time with faults from a seed (--help tells more).",
        epilog="exit code 0: every run came out as it must; 1: one did not; 2: wrong words",
    )
    parser.add_argument("name", nargs="?", help="the drill; --list names them")
    parser.add_argument("--list", action="store_true", help="name the drills and what each proves")
    parser.add_argument("--all", action="store_true", help="run every drill")
    parser.add_argument("--sabotage", action="store_true", help="take the guard away: the drill must then fail")
    parser.add_argument("--long", action="store_true", help="the thorough form: more repetitions")
    parser.add_argument("--seed", type=int, default=1, help="seed of hands and moments (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="the list or the reports as JSON")
    parser.add_argument("--events", action="store_true", help="one JSON line for each event, as it happens")
    parser.add_argument("--figures", type=Path, metavar="FILE", help="write the measured figures here (with --all)")
    add_profile_options(parser)
    return parser


def _drill(options: argparse.Namespace) -> int:
    config, directory = configured(options)
    drills = tuple(CATALOGUE.values()) if options.all else (CATALOGUE[options.name],)
    kept_in = directory / "drills"
    kept_in.mkdir(exist_ok=True)
    setting = _setting(config, options)
    with _one_at_a_time(kept_in):
        done = [_run(drill, setting, kept_in, _output(options)) for drill in drills]
    if options.json and not options.events:
        reports = [told_result(report, kept) for report, kept in done]
        print(json.dumps(reports if options.all else reports[0], indent=1))
    if options.figures is not None and not options.sabotage:
        replace_file(
            options.figures, (json.dumps(figures_of([report for report, _ in done]), indent=1) + "\n").encode()
        )
    return 0 if all(report.well for report, _ in done) else EXIT_FAILED


def _setting(config: Config, options: argparse.Namespace) -> Setting:
    return Setting(
        config=config,
        digest=drilled_config(config),
        machine=machine_id(),
        version=__version__,
        screen=lambda: virtual_screen(1600, 900),
        seed=options.seed,
        sabotaged=options.sabotage,
        long=options.long,
    )


def _output(options: argparse.Namespace) -> Output:
    if options.events:
        return EventLines()
    return Quiet() if options.json and not sys.stderr.isatty() else Lines(say_result=not options.json)


def _run(drill: Drill, setting: Setting, directory: Path, output: Output) -> tuple[DrillReport, Kept]:
    """One drill: its report is kept, and its certificate made or taken back, before the result is told."""
    output.started(drill)
    report = run(drill, setting, output.step)
    kept = keep(report, drill.purpose, directory)
    if not report.sabotaged:
        _certify(report, kept, directory)
    output.finished(report, kept)
    return report, kept


def _certify(report: DrillReport, kept: Kept, directory: Path) -> None:
    if not report.passed:
        try:
            withdraw(directory, report.drill)
        except OSError as error:
            stands = "the drill FAILED, and its old certificate could not be taken back: it still stands"
            raise RuntimeError(f"{stands} ({error}). Mend the disk and run the drill again") from error
        return
    made = Certificate(
        report.drill, report.title, report.utc, report.machine, report.version, report.config, kept.digest
    )
    grant(directory, made)


@contextmanager
def _one_at_a_time(directory: Path) -> Iterator[None]:
    """Two drills at once would load the machine for each other, and write the same certificates."""
    lock = InstanceLock(directory)
    try:
        lock.acquire("drill")
    except AlreadyRunningError:
        raise RuntimeError("another drill of this profile is running: wait for its end, or cancel it") from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """While inside, a termination is an interrupt: screens and processes of a drill end with it."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
