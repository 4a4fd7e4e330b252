"""The library: a folder of entries of its own and one that is shipped with the product, which is only read.

A damaged entry is refused, told, and out of the way, so that the next one that is kept takes its place.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.durable import make_directory
from engine.solver.array_file import ArrayFileError
from engine.solver.flop.game import FlopGame
from engine.solver.library.address import Address, AddressError, address
from engine.solver.library.answer import StreetAnswer
from engine.solver.library.entry import SUFFIX, load, save
from engine.solver.spot import Solved, Spot

FOLDER: Final = "library"
"""Of the library within a profile's state directory."""
SHIPPED: Final = Path(__file__).resolve().parents[3] / "resources" / "library"
MOST_BYTES: Final = 2_000_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """``answer`` is None on a miss, and ``missed`` says why; ``problem`` is what was damaged on the way, "" if
    nothing."""

    answer: StreetAnswer | None
    missed: str = ""
    problem: str = ""


class Library:
    """Solved flops, by content. ``own`` may be written (None: nothing is kept), ``shipped`` is only read.

    Of its own entries those that were not asked for longest leave when there are more than ``most_bytes`` of them.
    One process writes at a time; several may read.
    """

    def __init__(self, own: Path | None, shipped: Path | None = SHIPPED, most_bytes: int = MOST_BYTES) -> None:
        self._own = own
        self._shipped = shipped
        self._most_bytes = most_bytes

    def find(self, spot: Spot) -> Found:
        """The answer to a flop, from its own entries or else the shipped ones. Never raises for what is on the disk."""
        try:
            at = address(spot)
        except AddressError as reason:
            return Found(None, str(reason))
        problems: list[str] = []
        missed = "the library has no entry for this flop with these ranges and stacks"
        for path in self._places(at):
            try:
                answer = load(path, at, spot)
            except FileNotFoundError:
                continue
            except AddressError as reason:
                missed = str(reason)
            except (ArrayFileError, OSError) as problem:
                problems.append(str(problem))
                self._put_aside(path)
            else:
                self._used(path)
                return Found(answer, problem="; ".join(problems))
        return Found(None, missed, "; ".join(problems))

    def keep(self, at: Address, game: FlopGame, solved: Solved) -> Path:
        """Keep what was found for the spot of an address, in place of what was there. Raises OSError.

        ``game`` is that of ``at.spot``, whatever its depth. ValueError without a folder of its own.
        """
        if self._own is None:
            raise ValueError("this library has no folder to keep entries in")
        make_directory(self._own)
        path = self._own / f"{at.key}{SUFFIX}"
        save(path, at, game, solved)
        self._make_room(path)
        return path

    @property
    def entries(self) -> tuple[Path, ...]:
        """All entries, its own first."""
        folders = [folder for folder in (self._own, self._shipped) if folder is not None]
        return tuple(path for folder in folders for path in sorted(folder.glob(f"*{SUFFIX}")))

    def _places(self, at: Address) -> list[Path]:
        return [folder / f"{at.key}{SUFFIX}" for folder in (self._own, self._shipped) if folder is not None]

    def _put_aside(self, path: Path) -> None:
        if path.parent == self._own:
            with suppress(OSError):
                path.replace(path.with_name(path.name + ".damaged"))

    def _used(self, path: Path) -> None:
        if path.parent == self._own:
            with suppress(OSError):
                os.utime(path)

    def _make_room(self, kept: Path) -> None:
        assert self._own is not None
        sizes = {path: path.stat() for path in self._own.glob(f"*{SUFFIX}*")}
        total = sum(stat.st_size for stat in sizes.values())
        for path in sorted(sizes, key=lambda each: sizes[each].st_mtime_ns):
            if total <= self._most_bytes:
                return
            if path != kept:
                path.unlink(missing_ok=True)
                total -= sizes[path].st_size
