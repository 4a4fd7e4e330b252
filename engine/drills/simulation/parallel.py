"""One simulation over several processes: each takes the next piece of its hours, and the worlds are the same as in one.

An hour's world knows nothing of the hours before it, so it does not matter who plays it.
"""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace

from engine.drills.simulation.simulate import Setting, SimulationReport, simulate

PIECE_HOURS = 5.0

Told = Callable[[float, SimulationReport], None]
"""Takes the share done (0 to 1) and the figures so far."""


def pieces(setting: Setting) -> Iterator[Setting]:
    """The hours in pieces of a few, each with the seed that its first hour has in the whole."""
    begun = 0
    while begun < setting.hours:
        hours = min(PIECE_HOURS, setting.hours - begun)
        yield replace(setting, seed=setting.seed + begun, hours=hours)
        begun += int(PIECE_HOURS)


def simulate_over(setting: Setting, jobs: int, told: Told | None = None) -> SimulationReport:
    """Run it in so many processes, or as much of it as is not interrupted. Raises the first ViolationError that comes.

    The digests stand in the order of the hours.
    """
    total, begun = SimulationReport(setting.seed), time.perf_counter()
    parts = list(pieces(setting))
    done: dict[int, SimulationReport] = {}
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"))
    try:
        waiting = {pool.submit(simulate, part): place for place, part in enumerate(parts)}
        for future in as_completed(waiting):
            done[waiting[future]] = report = future.result()
            total.interrupted = total.interrupted or report.interrupted
            total.add(report)
            if told is not None:
                told(total.hours / setting.hours, total)
            if total.interrupted:
                break
    except KeyboardInterrupt:
        total.interrupted = True
    finally:
        pool.shutdown(cancel_futures=True)
    total.took_s = time.perf_counter() - begun
    total.digests = [digest for place in sorted(done) for digest in done[place].digests]
    return total
