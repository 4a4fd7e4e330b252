"""What `pitboss solve` says: a live line while it solves, the result as JSON or in words with the grid."""

import os
import sys
from typing import Any

import numpy as np

from app.commands.solve_shown import Answer, Shown
from app.commands.strategy_grid import coloured, knows_exact_colours, legend, plain, wants_colour
from engine.clock import MILLISECOND, SECOND
from engine.game.cards import DECK
from engine.game.ranges import CLASS_NAMES
from engine.solver.frequencies import Doubles
from engine.solver.spot import Progress, Solved, Spot
from engine.solver.tree.memory import readable

PLAYERS = ("OOP", "IP")
WIDTH = 100


class LiveLine:
    """The convergence on a terminal's standard error; says nothing elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()

    def __call__(self, progress: Progress) -> None:
        self.say(_converged(progress))

    def say(self, text: str) -> None:
        """Put a text in the place of the one before."""
        if self._terminal:
            print(f"\r{text[:WIDTH]:{WIDTH}}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Make room for the result."""
        if self._terminal:
            print(f"\r{'':{WIDTH}}\r", end="", file=sys.stderr, flush=True)


def _converged(progress: Progress) -> str:
    line = f"iteration {progress.iteration:,}"
    if progress.exploitability is not None:
        line += f"  exploitability {progress.exploitability:.3f}% of the pot"
    if progress.ev is not None:
        line += f"  EV {progress.ev[0]:.2f} / {progress.ev[1]:.2f}"
    return f"{line}  {progress.took_ns / SECOND:.1f} s"


def as_json(solved: Solved, answer: Answer, threads: int, shown: Shown) -> dict[str, Any]:
    """The result for a script."""
    spot = answer.spot
    ev = solved.ev or (None, None)
    return {
        "board": "".join(DECK[card] for card in spot.board),
        "pot": spot.pot,
        "stack": spot.stack,
        "iterations": solved.iteration,
        "exploitability_pct": _rounded(solved.exploitability),
        "ev_oop": _rounded(ev[0]),
        "ev_ip": _rounded(ev[1]),
        "equity_oop": _rounded(solved.equity[0]),
        "equity_ip": _rounded(solved.equity[1]),
        "hands_oop": solved.hands[0],
        "hands_ip": solved.hands[1],
        "nodes": answer.tree.size,
        "build_ms": round(solved.build_ns / MILLISECOND, 3),
        "solve_ms": round((solved.took_ns - solved.build_ns) / MILLISECOND, 3),
        "memory_bytes": solved.memory_bytes,
        "threads": threads,
        "cut": solved.cut,
        "node": shown.path,
        "player": PLAYERS[shown.player].lower(),
        "strategy": _frequencies(shown.actions, shown.overall),
        "classes": {
            name: {
                "weight": round(float(shown.classes.weight[place]), 6),
                "strategy": _frequencies(shown.actions, shown.classes.frequency[:, place]),
            }
            for place, name in enumerate(CLASS_NAMES)
            if shown.classes.weight[place] > 0
        },
    }


def in_words(solved: Solved, spot: Spot, threads: int, shown: Shown, colour: str) -> str:
    """The result for people, with the grid; ``colour`` is auto, always or never."""
    coloured_here = colour == "always" or (colour == "auto" and wants_colour(sys.stdout, os.environ))
    exact = knows_exact_colours()
    shares = zip(shown.actions, shown.overall, strict=True)
    grid = coloured(shown.classes, shown.actions, exact=exact) if coloured_here else plain(shown.classes, shown.actions)
    return "\n".join(
        [
            f"{' '.join(DECK[card] for card in shown.board)}   pot {spot.pot:,}   stack {spot.stack:,}   "
            f"{solved.hands[0]} hands OOP against {solved.hands[1]} IP",
            f"{shown.path}: {PLAYERS[shown.player]} acts" + ("" if shown.ev is None else f", EV {shown.ev:.2f}"),
            "  " + "   ".join(f"{action} {share:.1%}" for action, share in shares),
            "",
            grid,
            legend(shown.actions, colour=coloured_here, exact=exact),
            "",
            *_figures(solved, spot, threads),
        ]
    )


def _figures(solved: Solved, spot: Spot, threads: int) -> list[str]:
    lines = []
    if solved.exploitability is not None:
        chips = solved.exploitability * spot.pot / 100
        lines.append(f"exploitability {solved.exploitability:.3f}% of the pot ({chips:.2f} chips)")
    if solved.ev is not None:
        lines.append(f"EV OOP {solved.ev[0]:.2f}, IP {solved.ev[1]:.2f}")
    lines.append(f"equity OOP {solved.equity[0]:.2%}, IP {solved.equity[1]:.2%}")
    lines.append(
        f"{solved.iteration:,} iterations in {(solved.took_ns - solved.build_ns) / MILLISECOND:,.0f} ms, built in "
        f"{solved.build_ns / MILLISECOND:,.0f} ms, {readable(solved.memory_bytes)}, "
        f"{threads} thread{'s' if threads > 1 else ''}"
        + ("; the time was up before it had converged" if solved.cut else "")
    )
    return lines


def _frequencies(actions: tuple[str, ...], shares: Doubles) -> dict[str, float]:
    return {action: round(float(share), 6) for action, share in zip(actions, shares, strict=True)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(np.float64(value)), 6)
