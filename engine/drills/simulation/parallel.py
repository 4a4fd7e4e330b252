"""One simulation over several processes: each takes the next of its hours, and the worlds are the same as in one.

An hour's world knows nothing of the hours before it, so it does not matter who plays it.
"""

import math
import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace

from engine.drills.simulation.simulate import Setting, SimulationReport, simulate

Told = Callable[[float, SimulationReport], None]
"""Takes the share done (0 to 1) and the figures so far."""


def pieces(setting: Setting) -> Iterator[Setting]:
    """Hour by hour, each with the seed that it has in the whole."""
    for hour in range(math.ceil(setting.hours)):
        yield replace(setting, seed=setting.seed + hour, hours=min(1.0, setting.hours - hour))


def simulate_over(setting: Setting, jobs: int, told: Told | None = None) -> SimulationReport:
    """Run it in so many processes, or as much of it as is not interrupted. Raises the first ViolationError that comes.

    The digests stand in the order of the hours.
    """
    total, begun = SimulationReport(setting.seed), time.perf_counter()
    done: dict[int, SimulationReport] = {}

    def take(place: int, report: SimulationReport) -> None:
        done[place] = report
        total.interrupted = total.interrupted or report.interrupted
        total.add(report)
        if told is not None:
            told(total.hours / setting.hours, total)

    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"))
    waiting = {pool.submit(simulate, part): place for place, part in enumerate(pieces(setting))}
    try:
        for future in as_completed(waiting):
            take(waiting[future], future.result())
    except KeyboardInterrupt:  # each process was interrupted too, and reports what it has
        total.interrupted = True
        pool.shutdown(cancel_futures=True)
        for future, place in waiting.items():
            if place not in done and not future.cancelled() and future.exception() is None:
                take(place, future.result())
    finally:
        pool.shutdown(cancel_futures=True)
    total.took_s = time.perf_counter() - begun
    total.digests = [digest for place in sorted(done) for digest in done[place].digests]
    return total
