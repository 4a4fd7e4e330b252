"""The end of a guard process is bounded, also where SIGKILL does not end it or its pipe stays open."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from engine.execution.processes import CLOSE_TIMEOUT, KILL_TIMEOUT, GuardProcess, WatchdogProcess
from engine.permit.clock import SECOND
from tests.x11 import wait_until

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are held in Linux's own way")

DEAF = ["sh", "-c", "trap '' TERM; while :; do sleep 1; done"]
"""A program that hears no end-of-file."""
HOLD = """
import ctypes, sys
print(ctypes.CDLL(None).ptrace(0x4206, int(sys.argv[1]), None, None), flush=True)
sys.stdin.read()
"""
"""Attaches to a process (PTRACE_SEIZE): however it ends, nobody else hears of it before this program lets go."""
BOUND_S = (CLOSE_TIMEOUT + 2 * KILL_TIMEOUT) / SECOND + 1.5


@contextmanager
def held(pid: int) -> Iterator[None]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(pid)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        if holder.stdout.readline() != "0\n":
            pytest.skip("this system lets no program hold another")
        yield
        assert holder.stdin is not None
        holder.stdin.close()


def took(process: GuardProcess) -> float:
    begun = time.monotonic()
    process.close()
    return time.monotonic() - begun


def test_a_process_that_not_even_a_kill_ends_is_left_behind_and_told() -> None:
    process = GuardProcess(DEAF, "actuator", None)
    with held(process.pid):
        assert took(process) < BOUND_S
        (warning,) = process.warnings
        assert f"the actuator (process {process.pid}) was killed and has not ended" in warning
    process.close()
    assert not process.alive


def test_a_watchdog_that_not_even_a_kill_ends_is_stood_in_for() -> None:
    """The stand-in here is no program that releases anything, and that is told too."""
    process = WatchdogProcess(DEAF, "watchdog", None)
    with held(process.pid):
        process._release_command = ["false"]
        assert took(process) < BOUND_S
    assert len(process.warnings) == 2
    assert "could not be released" in process.warnings[1]
    process.close()


def test_a_pipe_that_a_grandchild_holds_open_delays_nobody() -> None:
    process = GuardProcess(["sh", "-c", "sleep 60 & echo child $!; exec cat"], "actuator", None)
    wait_until(lambda: bool(process._last_words), "the grandchild")
    grandchild = int(process._last_words[0].removeprefix("child "))
    try:
        assert took(process) < BOUND_S
        assert process.warnings == []
    finally:
        os.kill(grandchild, signal.SIGKILL)
    process._reader.join(5)
    process.close()
