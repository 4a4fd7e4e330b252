"""`pitboss solve warm`: solves flops beforehand and keeps them in the library. It may be interrupted and called again:
what is there already is left as it is.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from app.commands.common import EXIT_FAILED, EXIT_USAGE, StateDirectoryError, add_profile_options, configured
from app.commands.solve import EXIT_INTERRUPTED, _interrupts
from app.commands.solve_output import LiveLine
from app.commands.solve_warm_spots import Board, Line, flops
from engine.clock import MILLISECOND, SystemClock
from engine.config import ConfigError
from engine.game.cards import DECK, CardError, card_index, parse_cards
from engine.game.range_notation import parse
from engine.game.ranges import RangeError
from engine.permit.home import ProfileNameError
from engine.solver.flop import solve_flop
from engine.solver.library import Library, address
from engine.solver.library.library import FOLDER
from engine.solver.spot import Cancel, Limits, Spot, SpotError

FLOPS: Final = 20
TARGET: Final = 0.3
DEADLINE_MS: Final = 120_000
BAR: Final = 24
FLOP_CARDS: Final = 3


@dataclass(frozen=True, slots=True)
class Built:
    """A flop that was solved; ``problem`` is what was wrong with the entry in its place, "" when there was none."""

    board: str
    key: str
    iterations: int
    exploitability_pct: float | None
    limit: str
    ms: float
    problem: str


@dataclass(slots=True)
class Report:
    """What was done so far."""

    flops: int
    already: int = 0
    interrupted: bool = False
    built: list[Built] = field(default_factory=list)

    @property
    def done(self) -> int:
        return self.already + len(self.built)


def main(arguments: Sequence[str]) -> int:
    """Solve and keep: 0 when all are there, 1 when one could not be kept, 2 for wrong input, 130 when interrupted."""
    options = _parser().parse_args(list(arguments))
    try:
        boards, line = _boards(options), _line(options)
        report = _warm(options, boards, line)
    except (SpotError, CardError, RangeError, ConfigError, ProfileNameError) as problem:
        print(f"pitboss: {problem}", file=sys.stderr)
        return EXIT_USAGE
    except (OSError, StateDirectoryError) as problem:
        print(f"pitboss: {problem}: free the disk or name another folder with --into", file=sys.stderr)
        return EXIT_FAILED
    print(json.dumps(_as_json(report), indent=1) if options.json else _in_words(report))
    return EXIT_INTERRUPTED if report.interrupted else 0


def _parser() -> argparse.ArgumentParser:
    asked = argparse.ArgumentParser(
        prog="pitboss solve warm",
        description="Solve flops of the commonest heads-up line (the button raises, the big blind calls) beforehand, "
        "so that the bot finds them in its library. Interrupt it with ctrl-C and call it again to go on.",
        epilog="exit code 0: all are in the library; 1: one could not be kept; 2: wrong input; 130: interrupted",
    )
    which = asked.add_mutually_exclusive_group()
    which.add_argument("--flops", type=int, default=FLOPS, metavar="N", help="how many flops (%(default)s of 1755)")
    which.add_argument("--board", action="append", metavar="CARDS", help="this flop, like Td9d6h; may be repeated")
    asked.add_argument("--depth", type=float, default=100.0, metavar="BB", help="stacks in big blinds (%(default)g)")
    asked.add_argument("--raise", type=float, default=2.5, dest="raised", metavar="BB", help="the raise (%(default)g)")
    asked.add_argument("--oop", metavar="RANGE", help="range out of position (what the bot reads from the line)")
    asked.add_argument("--ip", metavar="RANGE", help="range in position (what the bot reads from the line)")
    asked.add_argument("--target", type=float, default=TARGET, metavar="PCT", help="exploitability in %% (%(default)g)")
    asked.add_argument(
        "--deadline-ms",
        type=float,
        default=DEADLINE_MS,
        metavar="N",
        help="time for a flop (%(default)g); with more of it flops are solved more deeply",
    )
    asked.add_argument("--threads", type=int, default=1, metavar="N", help="threads (%(default)s)")
    asked.add_argument("--into", type=Path, metavar="DIR", help="another folder than the profile's library")
    asked.add_argument("--json", action="store_true", help="the result as JSON")
    add_profile_options(asked)
    return asked


def _boards(options: argparse.Namespace) -> tuple[Board, ...]:
    if options.board:
        boards = tuple(tuple(card_index(card) for card in parse_cards(text)) for text in options.board)
        if any(len(board) != FLOP_CARDS for board in boards):
            raise SpotError("the library keeps flops: give three cards, like Td9d6h")
        return boards
    if not 1 <= options.flops <= len(flops()):
        raise SpotError(f"{options.flops} flops: there are 1 to {len(flops())}")
    return flops()[: options.flops]


def _line(options: argparse.Namespace) -> Line:
    if options.threads < 1 or options.deadline_ms <= 0:
        raise SpotError("threads and the time for a flop are more than 0")
    oop, ip = (parse(text) if text else None for text in (options.oop, options.ip))
    return Line(options.depth, options.raised, (oop, ip))


def _warm(options: argparse.Namespace, boards: Sequence[Board], line: Line) -> Report:
    own = options.into is None
    library = Library(configured(options)[1] / FOLDER) if own else Library(options.into, None)
    report, live = Report(len(boards)), LiveLine()
    live.say("loading the solver (the first time it is compiled, which takes a minute)")
    _load_kernels(line, boards[0])
    try:
        with _interrupts() as interrupted:
            for board in boards:
                live.say(_bar(report, board))
                spot = line.spot(board)
                if interrupted() or not _one(library, spot, options, interrupted, report):
                    report.interrupted = True
                    break
    finally:
        live.clear()
    return report


def _load_kernels(line: Line, board: Board) -> None:
    """Have the machine code ready before time counts: one iteration of a few pairs, as deep as it may be."""
    few = replace(line, ranges=(parse("AA,88,22"), parse("KK,77,33")))
    solve_flop(few.spot(board), Limits(iterations=1), clock=SystemClock())[1].close()


def _one(library: Library, spot: Spot, options: argparse.Namespace, cancel: Cancel, report: Report) -> bool:
    """Solve and keep a flop unless it is there; False when it was interrupted, and nothing of it is kept."""
    found = library.find(spot)
    if found.answer is not None:
        report.already += 1
        return True
    clock, at = SystemClock(), address(spot)
    limits = Limits(deadline=clock.now() + round(options.deadline_ms * MILLISECOND), target=options.target)
    solved, game = solve_flop(at.spot, limits, clock=clock, threads=options.threads, cancel=cancel)
    try:
        if cancel():
            return False
        if not solved.iteration:
            raise SpotError(f"{options.deadline_ms:g} ms are too little for one iteration: give more")
        if solved.cut:
            solved = replace(solved, exploitability=game.exploitability())
        library.keep(at, game, solved)
    finally:
        game.close()
    report.built.append(
        Built(
            board=_cards(spot.board),
            key=at.key,
            iterations=solved.iteration,
            exploitability_pct=None if solved.exploitability is None else round(solved.exploitability, 4),
            limit=game.limit,
            ms=round(solved.took_ns / MILLISECOND, 1),
            problem=found.problem,
        )
    )
    return True


def _cards(board: Board) -> str:
    return "".join(DECK[card] for card in board)


def _bar(report: Report, board: Board) -> str:
    full = BAR * report.done // report.flops
    return f"[{'#' * full}{'.' * (BAR - full)}] {report.done} of {report.flops} flops, now {_cards(board)}"


def _as_json(report: Report) -> dict[str, Any]:
    return {
        "flops": report.flops,
        "already": report.already,
        "interrupted": report.interrupted,
        "built": [asdict(each) for each in report.built],
    }


def _in_words(report: Report) -> str:
    lines = [
        f"{each.board}  {each.limit}: {each.iterations} iterations, {each.exploitability_pct}% of the pot, "
        f"{each.ms / 1000:.1f} s"
        for each in report.built
    ]
    lines += [f"{each.board}  built again: {each.problem}" for each in report.built if each.problem]
    lines.append(
        f"{report.done} of {report.flops} flops are in the library: {len(report.built)} solved now, "
        f"{report.already} there before" + ("; interrupted: call it again to go on" if report.interrupted else "")
    )
    return "\n".join(lines)
