"""A disk whose power fails: SQLite writes through it, and what was not synced may be lost, kept in part, or reordered.

What a file system promises (fsync(2), and os_unix.c of SQLite for when a directory is synced): synced bytes stay;
of the others any sectors may be there; directory changes come in order. A torn write changes no byte outside itself
(SQLITE_IOCAP_POWERSAFE_OVERWRITE, what SQLite takes for granted on every disk of today).
"""

import random
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import apsw

VFS_NAME = "power-loss"
SECTOR = 512
LONGEST_WAIT_S = 30
DIRECTORY_IS_SYNCED_WITH = apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL


class PowerError(apsw.IOError):
    """The disk answers no more."""


@dataclass(slots=True)
class Change:
    """``data`` written at ``offset``, or, without data, the file cut to ``offset`` bytes."""

    offset: int
    data: bytes | None

    def apply(self, content: bytearray) -> None:
        if self.data is None:
            del content[self.offset :]
            return
        content.extend(bytes(max(0, self.offset - len(content))))
        content[self.offset : self.offset + len(self.data)] = self.data

    def sectors(self) -> Iterator["Change"]:
        """The pieces that reach the disk each on its own."""
        if self.data is None:
            yield self
            return
        first = SECTOR - self.offset % SECTOR
        starts = [0, *range(first, len(self.data), SECTOR)]
        for start, end in zip(starts, [*starts[1:], len(self.data)], strict=True):
            yield Change(self.offset + start, self.data[start:end])


@dataclass(slots=True)
class StoredFile:
    """What is certainly on the disk, and what was written since the last sync."""

    synced: bytearray = field(default_factory=bytearray)
    waiting: list[Change] = field(default_factory=list)
    sync_directory: bool = False


class Disk:
    """Every write, truncation, sync, creation and removal is a step; at step ``cut`` the power fails.

    ``full``: it takes no more bytes; it fills by itself at the write with the number ``full_at``. ``answers``: while
    cleared, a sync does not come back.
    """

    def __init__(self, cut: int | None = None, full_at: int | None = None) -> None:
        self.cut = cut
        self.full_at = full_at
        self.full = False
        self.answers = threading.Event()
        self.answers.set()
        self.steps = 0
        self.writes = 0
        self.files: dict[Path, StoredFile] = {}
        self._names: list[dict[Path, StoredFile]] = [{}]  # the directory as synced, then after each change since

    @property
    def off(self) -> bool:
        return self.cut is not None and self.steps >= self.cut

    def create(self, path: Path, flags: int) -> None:
        self._step()
        self.files[path] = StoredFile(sync_directory=bool(flags & DIRECTORY_IS_SYNCED_WITH))
        self._names.append(dict(self.files))

    def delete(self, path: Path, sync_directory: bool) -> None:
        self._step()
        self.files.pop(path)
        self._names.append(dict(self.files))
        if sync_directory:
            self._sync_directory()

    def change(self, path: Path, change: Change) -> None:
        """The step in which the power fails may leave a part of its write."""
        if change.data is not None:
            self._room_for_a_write()
        self.files[path].waiting.append(change)
        self._step()

    def _room_for_a_write(self) -> None:
        self.full = self.full or self.writes == self.full_at
        self.writes += 1
        if self.full:
            raise apsw.FullError("no space left on the disk")

    def sync(self, path: Path) -> None:
        if not self.answers.wait(LONGEST_WAIT_S):
            raise apsw.IOError("the disk was never let go")
        self._step()
        file = self.files[path]
        for change in file.waiting:
            change.apply(file.synced)
        file.waiting.clear()
        if file.sync_directory:
            self._sync_directory()
            file.sync_directory = False

    def _sync_directory(self) -> None:
        self._names = [dict(self.files)]

    def _step(self) -> None:
        if self.off:
            raise PowerError("the power is off")
        self.steps += 1
        if self.off:
            raise PowerError("the power fails")

    def survive(self, chance: random.Random, directory: Path) -> None:
        """Write one of the states the disk may be in after the power failed into ``directory``."""
        directory.mkdir()
        for path, file in chance.choice(self._names).items():
            (directory / path.name).write_bytes(_content_after(file, chance))


def _content_after(file: StoredFile, chance: random.Random) -> bytes:
    content = bytearray(file.synced)
    pieces = [piece for change in file.waiting for piece in change.sectors()]
    match chance.choice(("nothing", "everything", "the first", "some")):
        case "nothing":
            pieces = []
        case "the first":
            pieces = pieces[: chance.randint(0, len(pieces))]
        case "some":
            pieces = [piece for piece in pieces if chance.random() < 0.5]
    for piece in pieces:
        piece.apply(content)
    return bytes(content)


class _File(apsw.VFSFile):
    """A database, WAL or rollback journal on the disk; reads see everything written, as on a running machine."""

    def __init__(self, base: str, name: "str | apsw.URIFilename", flags: list[int], disk: Disk) -> None:
        self._path = Path(name if isinstance(name, str) else name.filename())
        self._disk = disk
        if not self._path.exists():
            disk.create(self._path, flags[0])
        super().__init__(base, name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.change(self._path, Change(offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        self._disk.change(self._path, Change(newsize, None))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        self._disk.sync(self._path)


class _Vfs(apsw.VFS):
    def __init__(self, base: str, disk: Disk) -> None:
        self._base = base
        self._disk = disk
        super().__init__(VFS_NAME, base, makedefault=True)

    def xOpen(self, name: "str | apsw.URIFilename | None", flags: list[int]) -> apsw.VFSFile:
        assert name is not None, "the journal needs no nameless temporary file"
        return _File(self._base, name, flags, self._disk)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        self._disk.delete(Path(filename), syncdir)
        super().xDelete(filename, False)


@contextmanager
def mounted(disk: Disk) -> Iterator[None]:
    """SQLite's default disk while the block runs.

    SQLite passes over failures while it takes back what it wrote or closes; those of the power are not unexpected.
    """
    vfs, report = _Vfs(apsw.vfs_names()[0], disk), sys.unraisablehook
    sys.unraisablehook = lambda found: None if isinstance(found.exc_value, PowerError) else report(found)
    try:
        yield
    finally:
        sys.unraisablehook = report
        vfs.unregister()
