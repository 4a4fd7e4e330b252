"""The whole product under way: its clicks, the memory of its processes, and the processor time of its threads."""

import os
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path

import psutil
import pytest

from app.desk.practice_process import PracticeTable
from app.desk.virtual_screen import environment, virtual_screen
from engine.config import load
from engine.evaluation.presses import compare_presses
from engine.evaluation.session_record import read_record
from engine.evaluation.truth_log import read_truth
from engine.runtime.runtime import Runtime
from tests.benchmarks.figures import Figure, show
from tests.e2e.runs import environment as without_display
from tests.x11 import wait_until

pytestmark = [pytest.mark.bench, pytest.mark.xvfb]

HANDS = 10
ROLES = ("_actuator", "_watchdog", "_compare", "table")
MEGABYTE = 1 << 20
PLACE = (20, 60, 940, 588)
WATCHED_S = 15.0


def test_clicks_and_memory(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app", "play", "--hands", str(HANDS), "--pace", "0.3", "--seed", "2", "--json"]
    began = time.monotonic()
    with subprocess.Popen(command, env=without_display(tmp_path), stdout=subprocess.DEVNULL) as console:
        memory, used = _watched(psutil.Process(console.pid))
    assert console.returncode == 0
    took = time.monotonic() - began
    _show_clicks(tmp_path / "dev")
    print(f"\nProcesses ({HANDS} hands with the console, {took:.0f} s)")
    for name in memory:
        print(f"  {name:12} {memory[name]:6.0f} MB RSS at most {100 * used[name] / took:6.1f} % of a core")


def _watched(console: psutil.Process) -> tuple[dict[str, float], dict[str, float]]:
    """Greatest memory in megabytes and processor seconds of every process of the product, while it runs."""
    memory: dict[str, float] = defaultdict(float)
    used: dict[str, float] = {}
    while console.is_running() and console.status() != psutil.STATUS_ZOMBIE:
        for process in [console, *console.children(recursive=True)]:
            try:
                name = _role(process)
                memory[name] = max(memory[name], process.memory_info().rss / MEGABYTE)
                used[name] = sum(process.cpu_times()[:2])
            except (psutil.NoSuchProcess, psutil.ZombieProcess):
                continue
        time.sleep(0.2)
    return memory, used


def _role(process: psutil.Process) -> str:
    words = process.cmdline()
    return next((role for role in ROLES if role in words), "console" if "play" in words else process.name())


def _show_clicks(directory: Path) -> None:
    journal, truth = next(directory.glob("journals/*.sqlite")), next(directory.glob("truth/*.jsonl"))
    record, told = read_record(journal), read_truth(truth)
    found = compare_presses(record, told).found
    request, shown, whole = (Figure(name) for name in ("request to press", "press to the table's log", "whole gesture"))
    for at, row in record.intents:
        report = record.reports[row.intent.intent_id]
        request.add((report.pressed_at - at) / 1e6)
        whole.add((report.ended_at - at) / 1e6)
        shown.add((found[row.intent.intent_id]["t"] - report.pressed_at) / 1e6)
    show("Clicks (from the commit of the intent on)", request, shown, whole)


def test_threads(tmp_path: Path) -> None:
    config = load(None, "dev")
    config = config.model_copy(update={"table": config.table.model_copy(update={"pace": 0.3, "seed": 2, "players": 6})})
    with virtual_screen(), environment({"QT_QPA_PLATFORM": "xcb"}):
        runtime = Runtime(config, tmp_path / "dev", "bench")
        table = PracticeTable(config, tmp_path / "truth.jsonl", None, PLACE)
        try:
            runtime.start()
            wait_until(lambda: runtime.snapshot().look, "the first look")
            table.send(cmd="hold", on=True)
            _show_threads("at rest (the table waits, STANDBY)")
            assert not runtime.arm()
            table.send(cmd="hold", on=False)
            _show_threads("in play (LIVE, pace 0.3)")
        finally:
            runtime.close()
            table.close()


def _show_threads(title: str) -> None:
    """Processor time of every thread of this process during a while."""
    before = _thread_times()
    time.sleep(WATCHED_S)
    after = _thread_times()
    print(f"\nThreads {title}")
    for name, used in after.items():
        print(f"  {name:28} {100 * (used - before.get(name, 0.0)) / WATCHED_S:6.1f} % of a core")


def _thread_times() -> dict[str, float]:
    names = {thread.native_id: thread.name for thread in threading.enumerate()}
    times = psutil.Process(os.getpid()).threads()
    return {names[one.id]: one.user_time + one.system_time for one in times if one.id in names}
