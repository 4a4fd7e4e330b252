"""A machine under pressure: more busy processes than cores, each rewriting memory of its own without a pause."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

BUSY = """
import os, sys
threading = __import__("threading")
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
memory = bytearray(int(sys.argv[1]))
print("busy", flush=True)
value = 0
while True:
    value = (value + 1) % 256
    memory[:] = bytes([value]) * len(memory)
    sum(range(200_000))
"""
MEMORY_EACH = 96 * 2**20
"""With the copy that is made while it is rewritten, twice as much at its peak."""


@contextmanager
def pressure(per_core: int = 2, memory_each: int = MEMORY_EACH) -> Iterator[int]:
    """Yields how many processes there are; all are gone afterwards."""
    count = per_core * (os.cpu_count() or 1)
    with ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(_busy(memory_each))
        yield count


@contextmanager
def _busy(memory: int) -> Iterator[None]:
    command = [sys.executable, "-c", BUSY, str(memory)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"busy\n"
        try:
            yield
            assert process.poll() is None, "a busy process ended before its time"
        finally:
            process.kill()
