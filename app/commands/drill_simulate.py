"""`pitboss drill simulate`: hours of virtual time with faults from a seed, to the first thing that does not hold."""

import argparse
import json
import sys
from typing import Any

from app.commands.common import EXIT_FAILED
from engine.drills.simulation.parallel import simulate_over
from engine.drills.simulation.schedule import EXPECTED, Tallies
from engine.drills.simulation.simulate import GAP_S, Setting, SimulationReport, ViolationError, simulate

BAR = 24
TRACE_LINES = 40
EXIT_INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    """Simulate: 0 when everything held and every cause came up often enough, 1 when not, 130 when interrupted."""
    options = _parser().parse_args(arguments)
    setting = Setting(options.seed, options.hours, options.until_step, options.gap, options.rules, options.disk)
    try:
        report = simulate(setting, _Bar()) if options.jobs == 1 else simulate_over(setting, options.jobs, _PiecesBar())
    except ViolationError as broken:
        _clear_bar()
        _print_breach(broken, options.json)
        return EXIT_FAILED
    _clear_bar()
    print(json.dumps(as_json(report), indent=1) if options.json else in_words(report))
    if report.interrupted:
        print("interrupted: the figures are those up to here", file=sys.stderr)
        return EXIT_INTERRUPTED
    return _judged(report, options.minimum)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pitboss drill simulate",
        description="Play in virtual time with faults from a seed, and check at every step what must hold "
        "(docs/simulation.md). Nothing of a profile is touched.",
        epilog="exit code 0: everything held; 1: something did not, or a cause came up too rarely; 130: interrupted",
    )
    parser.add_argument("--seed", type=int, default=1, help="seed of the first hour; each hour adds one (%(default)s)")
    parser.add_argument("--hours", type=_hours, default=1.0, help="hours of virtual time (%(default)s)")
    parser.add_argument(
        "--minimum", type=int, default=0, help="how often each cause must come up in LIVE (%(default)s)"
    )
    parser.add_argument("--gap", type=_seconds, default=GAP_S, help="mean seconds between two faults (%(default)s)")
    parser.add_argument("--rules", choices=("fast", "pokerkit"), default="fast", help="who deals (%(default)s)")
    parser.add_argument("--disk", choices=("ram", "real"), default="ram", help="where it is written (%(default)s)")
    parser.add_argument("--jobs", type=_jobs, default=1, help="processes that share the hours (%(default)s)")
    parser.add_argument("--until-step", type=int, help="end each hour at this step: to see a breach again")
    parser.add_argument("--json", action="store_true", help="the report as JSON")
    return parser


def _hours(text: str) -> float:
    return _bounded(text, 0.001, 100_000.0)


def _seconds(text: str) -> float:
    return _bounded(text, 0.1, 3600.0)


def _jobs(text: str) -> int:
    return int(_bounded(str(int(text)), 1, 256))


def _bounded(text: str, least: float, most: float) -> float:
    value = float(text)
    if not least <= value <= most:
        raise argparse.ArgumentTypeError(f"{text} is not between {least:g} and {most:g}")
    return value


class _Bar:
    """A progress bar on a terminal's standard error."""

    def __call__(self, done: float, tallies: Tallies) -> None:
        if sys.stderr.isatty():
            said = f"{tallies.disturbed.total()} faults and {tallies.transitions.total()} changes of mode in this hour"
            _draw_bar(done, said)


class _PiecesBar:
    """The same for a simulation in several processes, which tell of themselves hour by hour."""

    def __call__(self, done: float, report: SimulationReport) -> None:
        if sys.stderr.isatty():
            rarest = min(report.tallies.in_live[cause] for cause in EXPECTED)
            _draw_bar(done, f"{report.hours:,.0f} h, every cause at least {rarest} times in LIVE")


def _draw_bar(done: float, said: str) -> None:
    full = round(done * BAR)
    print(f"\r[{'#' * full}{'.' * (BAR - full)}] {done:4.0%} {said}", end="", file=sys.stderr, flush=True)


def _clear_bar() -> None:
    if sys.stderr.isatty():
        print(f"\r{'':100}\r", end="", file=sys.stderr, flush=True)


def _print_breach(broken: ViolationError, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"breach": broken.breach, "replay": broken.replay, "trace": broken.trace}, indent=1))
        return
    print("what led to it:", *broken.trace[-TRACE_LINES:], sep="\n  ", file=sys.stderr)
    print(f"something that must hold did not\n  {broken.breach}\nto see it again:\n  {broken.replay}")


def _judged(report: SimulationReport, minimum: int) -> int:
    short = report.short_of(minimum)
    if not short:
        return 0
    named = ", ".join(f"{cause} {count} times" for cause, count in short.items())
    print(f"too rare in LIVE (at least {minimum} times each was asked for): {named}", file=sys.stderr)
    return EXIT_FAILED


def as_json(report: SimulationReport) -> dict[str, Any]:
    """The report for a script."""
    tallies = report.tallies
    return {
        "seed": report.seed,
        "hours": round(report.hours, 4),
        "steps": report.steps,
        "hands": report.hands,
        "presses": report.presses,
        "refused_presses": report.refused,
        "disturbances": tallies.disturbed.total(),
        "changes_of_mode": tallies.transitions.total(),
        "crashes": report.crashes,
        "faults": {f"{port}: {kind}": count for (port, kind), count in sorted(tallies.disturbed.items())},
        "transitions": {str(cause): count for cause, count in sorted(tallies.transitions.items())},
        "in_live": {str(cause): count for cause, count in sorted(tallies.in_live.items())},
        "took_s": round(report.took_s, 2),
        "speed": round(report.speed, 1),
        "rarest": list(_rarest(tallies)),
        "digests": report.digests,
    }


def _rarest(tallies: Tallies) -> tuple[str, int]:
    """The cause that came up least in LIVE, and how often."""
    cause = min(EXPECTED, key=lambda each: tallies.in_live[each])
    return str(cause), tallies.in_live[cause]


def in_words(report: SimulationReport) -> str:
    """The report for people."""
    tallies = report.tallies
    figures = (
        f"{report.hours:.1f} h of virtual time in {report.took_s:.1f} s ({report.speed:,.0f} times as fast), "
        f"{report.steps:,} steps\n"
        f"{report.hands:,} hands, {report.presses:,} presses, {report.refused:,} refused at the last moment, "
        f"{report.crashes:,} crashes; everything that must hold held\n"
        f"{tallies.disturbed.total():,} faults, {tallies.transitions.total():,} changes of mode, "
        "rarest cause in LIVE: {} {:,} times".format(*_rarest(tallies))
    )
    faults = _columns({f"{port}: {kind}": count for (port, kind), count in sorted(tallies.disturbed.items())})
    changes = _columns(
        {
            str(cause): f"{count} ({tallies.in_live[cause]} in LIVE)"
            for cause, count in sorted(tallies.transitions.items())
        }
    )
    return f"{figures}\n\nfaults\n{faults}\n\nchanges of mode, by cause\n{changes}"


def _columns(rows: dict[str, Any]) -> str:
    width = max(map(len, rows), default=0)
    return "\n".join(f"  {name:{width}}  {count}" for name, count in rows.items())
