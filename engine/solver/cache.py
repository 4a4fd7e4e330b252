"""Answers kept by exact spot, in memory and on the disk, so that something is known while the solver is away.

The disk is touched by one thread of its own, so that nobody waits for it. While it fails the memory goes on, and the
file is written anew as soon as that is possible.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue

from pydantic import TypeAdapter

from engine.durable import replace_file
from engine.game.state import TableState
from engine.solver.cache_file import DamagedError, Entry, Stored, content, line, read
from engine.words import Solution

FILE_NAME = "solutions.log"
CAPACITY = 10_000
CLOSE_LIMIT = 5.0
_STATE = TypeAdapter(TableState)


@dataclass(frozen=True, slots=True)
class CacheStatus:
    """What the cache holds and how it fares; ``problem`` says what is or was wrong with its file, "" when nothing."""

    entries: int
    hits: int
    misses: int
    problem: str


def spot_key(state: TableState) -> str:
    """A name for exactly this spot: everything about the state but the name of its hand."""
    return hashlib.blake2b(_STATE.dump_json(replace(state, hand_id="")), digest_size=16).hexdigest()


class SolutionCache:
    """At most ``capacity`` answers, the longest unused leaving first. Any thread may call, and none waits.

    ``solver`` names whose answers these are (kernel and settings); a file of another is replaced. Without a
    ``directory`` everything stays in memory.
    """

    def __init__(self, solver: str, directory: Path | None = None, capacity: int = CAPACITY) -> None:
        self._solver = solver
        self._capacity = capacity
        self._path = None if directory is None else directory / FILE_NAME
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._unwritten: list[Entry] = []
        self._hits = self._misses = 0
        self._damage = self._problem = ""
        self._lines: int | None = None
        self._tasks: SimpleQueue[Callable[[Path], None] | None] = SimpleQueue()
        self._keeper: threading.Thread | None = None
        if self._path is not None:
            self._keeper = threading.Thread(target=self._keep, args=(self._path,), name="solution-cache", daemon=True)
            self._keeper.start()
            self._tasks.put(self._load)

    @property
    def status(self) -> CacheStatus:
        with self._lock:
            problem = "; ".join(text for text in (self._damage, self._problem) if text)
            return CacheStatus(len(self._entries), self._hits, self._misses, problem)

    def get(self, state: TableState) -> Solution | None:
        """The answer to exactly this spot, with source "cache"; None when there is none."""
        key = spot_key(state)
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                self._misses += 1
                return None
            self._hits += 1
            self._entries.move_to_end(key)
        return replace(entry.solution, source="cache", took_ns=0)

    def put(self, state: TableState, solution: Solution, *, whole: bool = True) -> None:
        """Keep an answer. One that was cut short never takes the place of a whole one."""
        entry = Entry(key=spot_key(state), whole=whole, solution=solution)
        with self._lock:
            known = self._entries.get(entry.key)
            if known is not None and (known.whole or not whole):
                return
            self._add([entry])
            if self._keeper is not None:
                self._unwritten.append(entry)
        self._do(self._write)

    def clear(self) -> None:
        """Forget all answers. The file is put aside, whence ``restore`` brings it back."""
        with self._lock:
            self._entries.clear()
            self._unwritten.clear()
        self._do(self._put_aside)

    def restore(self) -> None:
        """Take in again what is on the disk, also what ``clear`` put aside; what is known already stays."""
        self._do(self._bring_back)

    def wait(self, seconds: float = CLOSE_LIMIT) -> bool:
        """Wait until everything asked so far is done on the disk; False when that takes longer."""
        done = threading.Event()
        self._do(lambda path: done.set())
        return self._keeper is None or done.wait(seconds)

    def close(self) -> None:
        """End the thread once it has written what there is; a disk that hangs is not waited for beyond 5 s."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            self._tasks.put(None)
            keeper.join(CLOSE_LIMIT)

    def _add(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._entries[entry.key] = entry
            self._entries.move_to_end(entry.key)
        while len(self._entries) > self._capacity:
            self._entries.popitem(last=False)

    # on the disk, in the cache's own thread

    def _do(self, task: Callable[[Path], None]) -> None:
        if self._keeper is not None:
            self._tasks.put(task)

    def _keep(self, path: Path) -> None:
        while (task := self._tasks.get()) is not None:
            try:
                task(path)
            except OSError as error:
                self._lines = None
                why = (
                    f"stored answers are in memory alone: {path.name} cannot be used ({error.strerror}): free the disk"
                )
                with self._lock:
                    self._problem = why

    def _load(self, path: Path) -> None:
        stored = self._read(path)
        if stored is None:
            return
        self._take_in(stored.entries)
        self._lines = None if stored.torn else len(stored.entries)
        if stored.torn:
            self._write_anew(path)

    def _read(self, path: Path) -> Stored | None:
        """What a file holds; a damaged one is set aside and said, and there is nothing."""
        try:
            return read(path, self._solver)
        except DamagedError as error:
            aside = path.replace(path.with_name(path.name + ".damaged"))
            with self._lock:
                self._damage = f"stored answers were damaged ({error}): set aside as {aside.name}, begun anew"
            return None

    def _take_in(self, stored: Sequence[Entry]) -> None:
        """Put stored answers behind what was learned since."""
        with self._lock:
            fresh = self._entries
            self._entries = OrderedDict()
            self._add([*stored, *fresh.values()])

    def _write(self, path: Path) -> None:
        if self._lines is None or self._lines >= 2 * self._capacity or not path.exists():
            self._write_anew(path)
            return
        with self._lock:
            entries, self._unwritten = self._unwritten, []
        with path.open("ab") as file:
            file.write(b"".join(line(entry) for entry in entries))
        self._lines += len(entries)

    def _write_anew(self, path: Path) -> None:
        with self._lock:
            entries, self._unwritten = list(self._entries.values()), []
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, content(self._solver, entries))
        self._lines = len(entries)
        with self._lock:
            self._problem = ""

    def _put_aside(self, path: Path) -> None:
        self._lines = None
        if path.exists():
            path.replace(_aside(path))

    def _bring_back(self, path: Path) -> None:
        found = [stored for stored in (self._read(_aside(path)), self._read(path)) if stored is not None]
        if found:
            self._take_in([entry for stored in found for entry in stored.entries])
            self._write_anew(path)
            _aside(path).unlink(missing_ok=True)


def _aside(path: Path) -> Path:
    return path.with_name(path.name + ".cleared")
