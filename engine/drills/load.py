"""A load of one's own on processors and memory: bounded, and gone when its block ends."""

import hashlib
import os
import threading
from types import TracebackType
from typing import Self

import psutil

BLOCK = bytes(8 << 20)
PAGE = 4096
MEMORY_SHARE = 0.25
MEMORY_LIMIT = 4 << 30
"""At most a quarter of what is free, and never more than 4 GiB: the operator's machine goes on."""
THREADS_A_CORE = 2


def memory_share_to_add() -> float:
    """The share (0 to 1) of the machine's memory that ``Load`` will take."""
    return _bytes_to_take() / psutil.virtual_memory().total


def memory_used() -> float:
    """The share (0 to 1) of the machine's memory that is used now."""
    return float(psutil.virtual_memory().percent) / 100


class Load:
    """While the block runs: two threads a core that compute digests without the interpreter's lock, and memory that is
    really touched.
    """

    def __init__(self) -> None:
        self._ending = threading.Event()
        count = THREADS_A_CORE * (os.cpu_count() or 1)
        self._threads = [threading.Thread(target=self._burn, name=f"load-{number}") for number in range(count)]
        self._memory = bytearray()

    @property
    def threads(self) -> int:
        return len(self._threads)

    @property
    def memory(self) -> int:
        """Bytes taken."""
        return len(self._memory)

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        self._memory = bytearray(_bytes_to_take())
        self._memory[::PAGE] = b"\x01" * len(range(0, len(self._memory), PAGE))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ending.set()
        self._memory = bytearray()
        for thread in self._threads:
            thread.join()

    def _burn(self) -> None:
        while not self._ending.is_set():
            hashlib.sha256(BLOCK).digest()


def _bytes_to_take() -> int:
    return min(int(psutil.virtual_memory().available * MEMORY_SHARE), MEMORY_LIMIT)
