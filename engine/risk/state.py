"""The risk state on disk: chips won and lost and hands of the session, synced, replaced whole, with a checksum."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.durable import replace_file

VERSION = 1


class RiskStateError(RuntimeError):
    """The risk state cannot be read or written: nothing may be risked until it can."""


@dataclass(frozen=True, slots=True)
class RiskState:
    """``session_result`` in chips (negative: lost), ``hands`` played."""

    session_result: int = 0
    hands: int = 0


def save(path: Path, state: RiskState) -> None:
    """On the disk when this returns. RiskStateError when it cannot be put there."""
    figures = asdict(state)
    document = {"version": VERSION, "figures": figures, "checksum": _checksum(figures)}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, (json.dumps(document, indent=1) + "\n").encode())
    except OSError as problem:
        raise RiskStateError(f"{path} cannot be written ({problem}): free the disk or correct its rights") from problem


def load(path: Path) -> RiskState | None:
    """What was saved, None when there is no file. RiskStateError when there is one that cannot be trusted."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise _refused(path, str(problem)) from problem
    try:
        return _decode(json.loads(content))
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise _refused(path, str(problem) or type(problem).__name__) from problem


def _decode(document: dict[str, object]) -> RiskState:
    if document["version"] != VERSION:
        raise ValueError(f"version {document['version']!r}, this program knows {VERSION}")
    figures = document["figures"]
    if not isinstance(figures, dict) or set(figures) != {"session_result", "hands"}:
        raise ValueError("it does not hold session_result and hands")
    if any(type(figure) is not int for figure in figures.values()) or figures["hands"] < 0:
        raise ValueError("a figure is no whole number")
    if document["checksum"] != _checksum(figures):
        raise ValueError("the checksum does not match the figures")
    return RiskState(figures["session_result"], figures["hands"])


def _checksum(figures: dict[str, int]) -> str:
    return hashlib.sha256(json.dumps(figures, sort_keys=True).encode()).hexdigest()


def _refused(path: Path, why: str) -> RiskStateError:
    return RiskStateError(
        f"the risk state {path} cannot be trusted ({why}): compare the last session's hands with the journal, "
        "then move the file away to begin a new count"
    )
