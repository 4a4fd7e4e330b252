"""Commands that take time, run beside the GUI thread: one of a name at once, the answer back as a signal."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QThreadPool, Signal

Work = Callable[[], object]
Answer = Callable[[object], None]
# One for each command that may overlap: a slow check must not keep FINISH SAFELY waiting.
_THREADS = 4


class CommandRunner(QObject):
    """Runs commands in a small pool of its own.

    ``changed``: a command began or ended (ask ``running``). ``failed``: its name and what went wrong.
    """

    changed = Signal()
    failed = Signal(str, str)
    _ended = Signal(str, object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(_THREADS)
        self._answers: dict[str, Answer] = {}
        self._ended.connect(self._on_ended)

    def running(self, name: str) -> bool:
        return name in self._answers

    def run(self, name: str, work: Work, answer: Answer) -> bool:
        """Start ``work``; ``answer`` gets its result in this thread. False while one of that name still runs."""
        if self.running(name):
            return False
        self._answers[name] = answer
        self._pool.start(lambda: self._work(name, work))
        self.changed.emit()
        return True

    def wait(self, milliseconds: int) -> bool:
        """Whether all commands ended within the time."""
        return self._pool.waitForDone(milliseconds)

    def _work(self, name: str, work: Work) -> None:
        try:
            result, problem = work(), ""
        except Exception as error:  # whatever a command raises is the operator's to read, never the window's end
            result, problem = None, f"{type(error).__name__}: {error}"
        self._ended.emit(name, result, problem)

    def _on_ended(self, name: str, result: object, problem: str) -> None:
        answer = self._answers.pop(name)
        self.changed.emit()
        if problem:
            self.failed.emit(name, problem)
        else:
            answer(result)
