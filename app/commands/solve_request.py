"""What `pitboss solve` is asked: a spot from options and a file, when to end, and which nodes are held fixed."""

import argparse
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from engine.clock import MILLISECOND, Clock
from engine.game.cards import card_index, parse_cards
from engine.game.ranges import COMBO_COUNT
from engine.solver.spot import Limits, Lock, SpotError
from engine.solver.spot_document import SpotDocument
from engine.solver.tree.nodes import BettingTree
from engine.solver.tree.path import PathError, action_at, find

DEFAULT_TARGET = 0.5
FREE_SHARE = 0.8
"""Of the memory that is free: what a solve may take when nothing else is asked."""
_SPOT_OPTIONS = (
    "board", "oop", "ip", "pot", "stack", "bets", "raises", "donk", "rake", "rake_cap", "add_all_in", "force_all_in",
    "merge", "most_raises", "least_bet",
)  # fmt: skip


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    asked = argparse.ArgumentParser(
        prog="pitboss solve",
        description="Solve a heads-up spot on the flop, turn or river exactly, and show how often each hand takes each "
        "action. Amounts are in chips. Nothing of a profile is touched.",
        epilog="sizes: 60%% of the pot, 2.5x of the bet that is raised, e geometric, 2e over two streets, a all-in. "
        "nodes: actions with / between them, like x/b120/r300. "
        "exit code 0: solved; 1: not solved; 2: wrong input; 130: interrupted, with the best answer so far",
    )
    asked.add_argument(
        "file", nargs="?", type=Path, help="spot as JSON (docs/solution_format.md); options go before it"
    )
    spot = asked.add_argument_group("spot")
    spot.add_argument("--board", help="3 to 5 cards, like Td9d6hQc")
    spot.add_argument("--oop", metavar="RANGE", help="range out of position, like '66+,A8s+,KQo:0.5'")
    spot.add_argument("--ip", metavar="RANGE", help="range in position")
    spot.add_argument("--pot", type=int, help="chips in the middle")
    spot.add_argument("--stack", type=int, help="chips that each can still put in (the smaller stack)")
    spot.add_argument("--bets", metavar="SIZES", help="bets of both players on every street, like '60%%,e,a'")
    spot.add_argument("--raises", metavar="SIZES", help="raises, like 2.5x")
    spot.add_argument("--donk", metavar="SIZES", help="bets on the river of who called out of position on the turn")
    spot.add_argument("--rake", type=float, help="share of the pot that the house takes, like 0.05")
    spot.add_argument("--rake-cap", type=float, metavar="CHIPS", help="most that it takes")
    tidy = asked.add_argument_group("thresholds of the tree")
    tidy.add_argument("--add-all-in", type=float, metavar="SHARE", help="add all-in up to this share of the pot (1.5)")
    tidy.add_argument(
        "--force-all-in", type=float, metavar="RATIO", help="all-in where at most this share would be left (0.15)"
    )
    tidy.add_argument("--merge", type=float, metavar="SHARE", help="merge sizes closer than this (0.1)")
    tidy.add_argument("--most-raises", type=int, metavar="N", help="most bets and raises on a street")
    tidy.add_argument("--least-bet", type=int, metavar="CHIPS", help="smallest bet, the big blind (1)")
    end = asked.add_argument_group("when to end, whichever comes first")
    end.add_argument("--target", type=float, metavar="PCT", help=f"exploitability in %% of the pot ({DEFAULT_TARGET})")
    end.add_argument("--deadline-ms", type=float, metavar="N", help="time for building and solving")
    end.add_argument("--iterations", type=int, metavar="N", help="whole iterations")
    asked.add_argument("--threads", type=int, default=_cores(), metavar="N", help="threads (here: %(default)s)")
    asked.add_argument("--memory-mb", type=int, metavar="N", help="most memory (80%% of what is free)")
    asked.add_argument(
        "--lock",
        action="append",
        default=[],
        metavar="NODE=ACTION:SHARE,...",
        help="hold a node fixed: x/b120=f:0.4,c:0.6",
    )
    asked.add_argument("--node", default="root", metavar="NODE", help="the node to show (root)")
    asked.add_argument("--dealt", default="", metavar="CARDS", help="cards dealt on the way to that node")
    asked.add_argument("--save", type=Path, metavar="FILE", help="write the solution")
    asked.add_argument("--whole", action="store_true", help="with --save: all that is needed to go on with it later")
    asked.add_argument("--load", type=Path, metavar="FILE", help="show a stored solution, or go on with a whole one")
    asked.add_argument("--json", action="store_true", help="the result as JSON")
    asked.add_argument("--colour", choices=("auto", "always", "never"), default="auto", help="colours (%(default)s)")
    return asked


def document(options: argparse.Namespace) -> SpotDocument:
    """The spot asked for: the file, and over it what the options say. Raises SpotError or OSError."""
    given: dict[str, Any] = {}
    if options.file is not None:
        given = _read(options.file)
    given |= {name: value for name in _SPOT_OPTIONS if (value := getattr(options, name)) is not None}
    missing = [name for name in ("board", "oop", "ip", "pot", "stack") if name not in given]
    if missing:
        raise SpotError(f"not given: {', '.join('--' + name for name in missing)}; pitboss solve --help tells more")
    return SpotDocument.read(json.dumps(given))


def names_a_spot(options: argparse.Namespace) -> bool:
    """Whether anything of a spot is given, beside what a stored solution would bring."""
    return options.file is not None or any(getattr(options, name) is not None for name in _SPOT_OPTIONS)


def ends(options: argparse.Namespace) -> bool:
    """Whether the options say when to end."""
    return any(getattr(options, name) is not None for name in ("target", "deadline_ms", "iterations"))


def shown_node(options: argparse.Namespace, tree: BettingTree, board: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    """The node to show and the cards dealt on the way to it. Raises SpotError or CardError."""
    node = find(tree, options.node)
    cards = tuple(card_index(card) for card in parse_cards(options.dealt))
    wanted = int(tree.street[node]) - len(board)
    if len(cards) != wanted:
        raise SpotError(f"--dealt: {wanted} card{'s' * (wanted != 1)} on the way to that node, {len(cards)} given")
    if set(cards) & set(board):
        raise SpotError(f"--dealt {options.dealt}: a card of the board cannot be dealt again")
    return node, cards


def check(options: argparse.Namespace) -> None:
    """Refuse numbers that mean nothing, and a file that cannot be written, with SpotError."""
    if options.threads < 1:
        raise SpotError(f"--threads {options.threads}: give 1 or more")
    if options.whole and options.save is None:
        raise SpotError("--whole belongs to --save")
    if options.save is not None and not options.save.resolve().parent.is_dir():
        raise SpotError(f"--save {options.save}: there is no folder of that name to write it in")
    for name, least in (("target", 0.0), ("deadline_ms", 1.0), ("iterations", 1)):
        value = getattr(options, name)
        if value is not None and not least <= value < float("inf"):
            raise SpotError(f"--{name.replace('_', '-')} {value}: give {least:g} or more")


def memory_limit(options: argparse.Namespace) -> int:
    """How many bytes a solve may take."""
    if options.memory_mb is None:
        return int(FREE_SHARE * psutil.virtual_memory().available)
    if options.memory_mb < 1:
        raise SpotError(f"--memory-mb {options.memory_mb}: give 1 or more")
    return int(options.memory_mb) * 1_000_000


def limits(options: argparse.Namespace, clock: Clock) -> Limits:
    """When to end; the clock runs from now."""
    deadline = None if options.deadline_ms is None else clock.now() + round(options.deadline_ms * MILLISECOND)
    unbounded = deadline is None and options.iterations is None
    target = DEFAULT_TARGET if options.target is None and unbounded else options.target
    return Limits(deadline, target, options.iterations)


def locks(options: argparse.Namespace, tree: BettingTree) -> tuple[Lock, ...]:
    """The nodes that are held fixed. Raises SpotError."""
    found = [_lock(text, tree) for text in options.lock]
    twice = {lock.node for lock in found if sum(other.node == lock.node for other in found) > 1}
    if twice:
        raise SpotError("--lock: a node is locked twice")
    return tuple(found)


def _lock(text: str, tree: BettingTree) -> Lock:
    path, _, shares = text.partition("=")
    node = find(tree, path)
    children = tree.children_of(node)
    frequencies = np.zeros((len(children), COMBO_COUNT), dtype=np.float32)
    for part in shares.split(","):
        action, _, share = part.partition(":")
        try:
            frequencies[children.index(action_at(tree, node, action))] = float(share)
        except PathError as problem:
            raise SpotError(f"--lock {text}: {problem}") from None
        except ValueError:
            raise SpotError(
                f"--lock {text}: {share!r} is no share; write like {path or 'root'}=x:0.3,b120:0.7"
            ) from None
    total = float(frequencies[:, 0].sum())
    if not (np.all(frequencies >= 0) and abs(total - 1) < 1e-3):
        raise SpotError(f"--lock {text}: the shares add up to {total:g}; they are 0 or more and add up to 1")
    return Lock(node, frequencies / np.float32(total))


def _read(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as problem:
        raise SpotError(f"{file} is no JSON document: {problem}") from None
    if not isinstance(found, dict):
        raise SpotError(f"{file} holds no JSON object")
    return found


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
