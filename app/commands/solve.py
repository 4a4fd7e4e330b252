"""`pitboss solve`: solves a heads-up spot and shows the strategy as a grid or as JSON."""

import argparse
import importlib
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType

import numpy as np

from app.commands.common import EXIT_FAILED, EXIT_USAGE
from app.commands.solve_output import LiveLine, as_json, in_words
from app.commands.solve_request import (
    check,
    document,
    ends,
    limits,
    locks,
    memory_limit,
    names_a_spot,
    parser,
    shown_node,
)
from app.commands.solve_shown import Answer, shown
from engine.clock import SystemClock
from engine.game.cards import CardError
from engine.game.ranges import COMBO_COUNT, COMBOS
from engine.solver.anytime import solve, solve_on
from engine.solver.array_file import ArrayFileError
from engine.solver.spot import Cancel, Limits, Solved, Spot, SpotError, TooBigError
from engine.solver.stored import load, resume, save
from engine.solver.subgame import Subgame, predicted_bytes
from engine.solver.tree.build import build
from engine.solver.tree.memory import readable
from engine.solver.tree.settings import TreeSettings

EXIT_INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    """Solve: 0 when it did, 1 when it could not, 2 for wrong input, 130 when it was interrupted."""
    if arguments[:1] == ["warm"]:
        return int(importlib.import_module("app.commands.solve_warm").main(arguments[1:]))
    options = parser().parse_args(arguments)
    try:
        return _main(options)
    except (TooBigError, ArrayFileError, OSError) as problem:
        print(f"pitboss: {problem}", file=sys.stderr)
        return EXIT_FAILED
    except (SpotError, CardError) as problem:
        print(f"pitboss: {problem}", file=sys.stderr)
        return EXIT_USAGE


def _main(options: argparse.Namespace) -> int:
    with _interrupts() as interrupted:
        solved, answer = _loaded(options, interrupted) if options.load else _fresh(options, interrupted)
    if options.save is not None:
        if not isinstance(answer, Subgame):
            raise SpotError("--save with --load needs a solution that was saved with --whole")
        save(options.save, solved, answer, whole=options.whole)
    found = shown(answer, *shown_node(options, answer.tree, answer.spot.board))
    if options.json:
        print(json.dumps(as_json(solved, answer, options.threads, found), indent=1))
    else:
        print(in_words(solved, answer.spot, options.threads, found, options.colour))
    return EXIT_INTERRUPTED if interrupted() else 0


def _fresh(options: argparse.Namespace, cancel: Cancel) -> tuple[Solved, Answer]:
    """Solve what the options ask."""
    spot = document(options).spot()
    check(options)
    tree = build(spot)
    shown_node(options, tree, spot.board)  # what is wrong is told before the work, not after it
    held = locks(options, tree)
    limit = memory_limit(options)
    needed = predicted_bytes(spot, tree, options.threads)
    if needed > limit:  # told at once: the kernels may have to be compiled first
        raise TooBigError(
            f"solving this spot needs {readable(needed)} of memory and {readable(limit)} are allowed: take fewer "
            "sizes, limit the raises, or narrow the ranges"
        )
    with _live() as listener:
        _load_kernels(spot, options.threads)
        clock = SystemClock()
        solved, subgame = solve(
            spot,
            limits(options, clock),
            clock=clock,
            threads=options.threads,
            cancel=cancel,
            listener=listener,
            locks=held,
            memory_limit=limit,
        )
        return _measured(solved, subgame), subgame


def _loaded(options: argparse.Namespace, cancel: Cancel) -> tuple[Solved, Answer]:
    """What was stored, and gone on with where the options say when to end."""
    check(options)
    if names_a_spot(options) or options.lock:
        raise SpotError("--load brings its own spot and locks: give no others")
    stored = load(options.load)
    shown_node(options, stored.tree, stored.spot.board)
    if not ends(options):
        return stored.solved(), resume(stored, options.threads) if stored.about.whole else stored
    subgame = resume(stored, options.threads)
    with _live() as listener:
        _load_kernels(stored.spot, options.threads)
        clock = SystemClock()
        solved = solve_on(subgame, limits(options, clock), clock=clock, cancel=cancel, listener=listener)
        return _measured(solved, subgame), subgame


def _measured(solved: Solved, subgame: Subgame) -> Solved:
    """An answer that was cut short with what it is worth, which there was no time to measure within the limits."""
    if not solved.cut:
        return solved
    evs = subgame.evs()
    return replace(solved, ev=evs, exploitability=subgame.exploitability(evs))


def _load_kernels(spot: Spot, threads: int) -> None:
    """Have the machine code ready before time counts: one iteration of a pair against a pair, on the board's street,
    or on the turn in the place of the flop, which is played by the same code.
    """
    board = spot.board if len(spot.board) > 3 else (*spot.board, next(iter({*range(52)} - {*spot.board})))
    free = [place for place in range(COMBO_COUNT) if not set(COMBOS[place]) & set(board)]
    apart = next(place for place in free if not set(COMBOS[place]) & set(COMBOS[free[0]]))
    ranges = (np.zeros(COMBO_COUNT), np.zeros(COMBO_COUNT))
    ranges[0][free[0]] = ranges[1][apart] = 1.0
    small = Spot(board, ranges, 1, 1, TreeSettings())
    solve(small, Limits(iterations=1), clock=SystemClock(), threads=threads)


@contextmanager
def _live() -> Iterator[LiveLine]:
    """The live line, which is gone when the result is told."""
    line = LiveLine()
    line.say("loading the solver (the first time it is compiled, which takes a minute)")
    try:
        yield line
    finally:
        line.clear()


@contextmanager
def _interrupts() -> Iterator[Cancel]:
    """Whether ctrl-C was pressed: the first time it ends the solve in order, the second time at once."""
    pressed = False

    def note(_number: int, _frame: FrameType | None) -> None:
        nonlocal pressed
        pressed = True
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)
