"""What small files may look like after a power failure: records the calls that change a directory, then enumerates.

The model (fsync(2), rename(2)): a file's bytes are certain once the file is synced, until then any version written
since may be there, whole, cut short, or as zeros of its length; names are certain once their directory is synced, until
then any number of the changes to it may be missing, the last ones first.
"""

import io
import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True, slots=True)
class Call:
    """``kind`` is make, create, write, rename, sync or sync directory; ``to`` is a rename's new name."""

    kind: str
    path: Path
    to: Path | None = None
    content: bytes = b""


class Recorder:
    """Notes every call of the operating system that changes or syncs something below ``root``."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        self.calls: list[Call] = []
        self._root = root
        self._seen: dict[Path, bytes] = {}
        self._open: dict[int, Path] = {}
        for module, name, substitute in (
            (os, "mkdir", self._mkdir),
            (os, "open", self._os_open),
            (os, "replace", self._replace),
            (os, "fsync", self._fsync),
            (io, "open", self._io_open),
        ):
            patch.setattr(module, name, self._around(getattr(module, name), substitute))

    @staticmethod
    def _around(real: Callable[..., Any], substitute: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *arguments, **options: substitute(real, *arguments, **options)

    def _ours(self, path: object) -> Path | None:
        found = Path(path) if isinstance(path, str | os.PathLike) else None
        return found if found is not None and found.is_relative_to(self._root) else None

    def _mkdir(self, real: Callable[..., Any], path: Any, *arguments: Any, **options: Any) -> None:
        real(path, *arguments, **options)
        if ours := self._ours(path):
            self.calls.append(Call("make", ours))

    def _os_open(self, real: Callable[..., Any], path: Any, *arguments: Any, **options: Any) -> int:
        descriptor: int = real(path, *arguments, **options)
        if ours := self._ours(path):
            self._open[descriptor] = ours
        return descriptor

    def _io_open(self, real: Callable[..., Any], path: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        ours = self._ours(path)
        is_new = ours is not None and not ours.exists()
        file = real(path, mode, *arguments, **options)
        if ours is not None:
            self._open[file.fileno()] = ours
            if set(mode) & set("wax+"):
                self._opened_for_writing(ours, is_new)
        return file

    def _opened_for_writing(self, path: Path, is_new: bool) -> None:
        if is_new:
            self.calls.append(Call("create", path))
            self._seen[path] = b""
        self._note_writes()

    def _replace(self, real: Callable[..., Any], source: Any, target: Any, **options: Any) -> None:
        self._note_writes()
        real(source, target, **options)
        if (old := self._ours(source)) and (new := self._ours(target)):
            self.calls.append(Call("rename", old, new))
            self._seen[new] = self._seen.pop(old)

    def _fsync(self, real: Callable[..., Any], file: Any) -> None:
        self._note_writes()
        descriptor = file if isinstance(file, int) else file.fileno()
        if path := self._open.get(descriptor):
            self.calls.append(Call("sync directory" if path.is_dir() else "sync", path))

    def _note_writes(self) -> None:
        """Contents that changed since the last call; nothing that is written goes unseen, with whatever call."""
        for path, before in list(self._seen.items()):
            descriptor = os.open(path, os.O_RDONLY)
            content = os.read(descriptor, 1 << 20)
            os.close(descriptor)
            if content != before:
                self.calls.append(Call("write", path, content=content))
                self._seen[path] = content

    def mark(self) -> int:
        """How many calls there have been, writes that nothing followed included."""
        self._note_writes()
        return len(self.calls)


@dataclass(eq=False, slots=True)
class _File:
    """Its versions, the first of them certain."""

    versions: list[bytes] = field(default_factory=lambda: [b""])

    def states(self) -> list[bytes]:
        later = self.versions[1:]
        pieces = [piece for whole in later for piece in (whole, whole[: len(whole) // 2], b"", bytes(len(whole)))]
        return list(dict.fromkeys([self.versions[0], *pieces]))


@dataclass(eq=False, slots=True)
class _Directory:
    """Its names: as synced, then after each change since."""

    names: list[dict[str, "_File | _Directory"]] = field(default_factory=lambda: [{}])

    def change(self, name: str, to: "_File | _Directory | None") -> None:
        latest = {**self.names[-1]}
        latest.pop(name, None)
        self.names.append(latest if to is None else {**latest, name: to})

    def sync(self) -> None:
        self.names = [self.names[-1]]


@dataclass(slots=True)
class Disk:
    """The disk after some calls; ``root`` itself is certain."""

    root: Path
    _top: _Directory = field(default_factory=_Directory)

    def perform(self, call: Call) -> None:
        if call.kind == "sync directory":
            self._directory(call.path).sync()
            return
        parent, name = self._directory(call.path.parent), call.path.name
        match call.kind:
            case "make":
                parent.change(name, _Directory())
            case "create":
                parent.change(name, _File())
            case "write":
                self._file(call.path).versions.append(call.content)
            case "sync":
                file = self._file(call.path)
                file.versions = [file.versions[-1]]
            case "rename":
                assert call.to is not None
                assert call.to.parent == call.path.parent
                moved = parent.names[-1][name]
                parent.names.append({**{k: v for k, v in parent.names[-1].items() if k != name}, call.to.name: moved})

    def _directory(self, path: Path) -> _Directory:
        here = self._top
        for part in path.relative_to(self.root).parts:
            entry = here.names[-1][part]
            assert isinstance(entry, _Directory)
            here = entry
        return here

    def _file(self, path: Path) -> _File:
        entry = self._directory(path.parent).names[-1][path.name]
        assert isinstance(entry, _File)
        return entry

    def states(self) -> Iterator[dict[Path, bytes | None]]:
        """Every state the disk may be in after a power failure: path -> content, None for a directory."""
        yield from _states(self._top, Path())


def _states(directory: _Directory, where: Path) -> Iterator[dict[Path, bytes | None]]:
    for names in directory.names:
        choices: list[list[dict[Path, bytes | None]]] = []
        for name, entry in names.items():
            path = where / name
            if isinstance(entry, _File):
                choices.append([{path: content} for content in entry.states()])
            else:
                choices.append([{path: None, **state} for state in _states(entry, path)])
        for chosen in itertools.product(*choices):
            yield {path: content for part in chosen for path, content in part.items()}


def restore(state: dict[Path, bytes | None], directory: Path) -> None:
    """Put a state into an empty directory."""
    for path, content in state.items():
        if content is None:
            (directory / path).mkdir()
        else:
            (directory / path).write_bytes(content)
