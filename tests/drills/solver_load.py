"""A process that solves without a pause, at the priority of everybody else: the real kernel, and numpy beside it.

Run without arguments; it says "solving" after the first solution and ends at end-of-file.
"""

import sys
import threading

import numpy as np

from engine.clock import SECOND, SystemClock
from engine.solver.baseline import MOST_SAMPLES, BaselineSolver
from engine.solver.known_spots import KNOWN_SPOTS

SIZE = 400


def solve_for_ever() -> None:
    """One solution after another; the first is announced."""
    solver = BaselineSolver(SystemClock(), MOST_SAMPLES)
    seed = 0
    while True:
        for spot in KNOWN_SPOTS:
            solver.solve(spot.state, 2 * SECOND, seed)
            seed += 1
            if seed == 1:
                sys.stdout.write("solving\n")
                sys.stdout.flush()


def multiply_for_ever() -> None:
    """Matrix products, which give the interpreter away and the processor not."""
    numbers = np.random.default_rng(1).random((SIZE, SIZE))
    while True:
        numbers = numbers @ numbers
        numbers /= numbers.max()


def main() -> None:
    for work in (solve_for_ever, multiply_for_ever):
        threading.Thread(target=work, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
