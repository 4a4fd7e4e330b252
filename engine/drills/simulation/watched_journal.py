"""Any journal with somebody looking over its shoulder: rows are handed on, and noted as they are handed in."""

from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from engine.words import Intent

Note = Callable[[str, Mapping[str, Any], bool], None]
KEPT = 2000


class ClosingJournal(Protocol):
    """A journal that is closed at its end."""

    @property
    def problem(self) -> str: ...

    def record(self, kind: str, data: Mapping[str, Any]) -> None: ...

    def commit(self, kind: str, data: Mapping[str, Any], timeout_ns: int) -> bool: ...

    def close(self) -> bool: ...


class WatchedJournal:
    """ports.Journal. ``committed`` holds the intents that are on the disk by their number, ``rows`` the last rows with
    their kind, ``counts`` how many there were of each kind.
    """

    def __init__(self, inner: ClosingJournal, note: Note) -> None:
        self.inner = inner
        self.rows: deque[tuple[str, Mapping[str, Any]]] = deque(maxlen=KEPT)
        self.counts: Counter[str] = Counter()
        self.committed: dict[int, Intent] = {}
        self._note = note

    @property
    def problem(self) -> str:
        """Why rows were lost, "" while none were."""
        return self.inner.problem

    def record(self, kind: str, data: Mapping[str, Any]) -> None:
        """Hand a row on."""
        self.inner.record(kind, data)
        self._keep(kind, data, False)

    def commit(self, kind: str, data: Mapping[str, Any], timeout_ns: int) -> bool:
        """Hand a row on and say whether it is on the disk."""
        stored = self.inner.commit(kind, data, timeout_ns)
        if stored:
            self._keep(kind, data, True)
            if kind == "intent":
                self.committed[data["intent"].intent_id] = data["intent"]
        return stored

    def of(self, kind: str) -> list[Mapping[str, Any]]:
        """The data of the last rows of a kind."""
        return [data for name, data in self.rows if name == kind]

    def close(self) -> None:
        """An orderly end."""
        self.inner.close()

    def _keep(self, kind: str, data: Mapping[str, Any], committed: bool) -> None:
        self.rows.append((kind, data))
        self.counts[kind] += 1
        self._note(kind, data, committed)
