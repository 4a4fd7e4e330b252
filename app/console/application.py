"""Running the console: the Qt application, its window in its place, and an end in order however it is asked for."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QEvent, QObject, QSize, QTimer
from PySide6.QtWidgets import QApplication

from app.console.layout_store import LayoutStore
from app.console.window import ConsoleWindow
from app.models.drill_runner import CommandOf
from app.models.engine_view import EngineView
from app.theme.apply import apply_theme, prepare, system_theme
from app.theme.colours import THEMES

_HEARTBEAT_MS = 250
_DEFAULT_SIZE = QSize(960, 1000)
_SIGNALS = (signal.SIGINT, signal.SIGTERM)

Position = tuple[int, int, int, int]


def run_console(
    engine: EngineView,
    *,
    profile: str,
    layout_file: Path,
    screenshot: Path | None = None,
    position: Position | None = None,
    on_tick: Callable[[], bool] | None = None,
    theme: str | None = None,
    drill_command: CommandOf | None = None,
) -> int:
    """Show the console until it is closed, and return the exit code: 0, or 1 when the screenshot was not written.

    ``position`` is left, top, width, height in screen pixels, the window's frame included. ``on_tick`` is called
    four times a second and closes the console by returning True. ``theme`` (light or dark) holds until the operator
    chooses another. ``drill_command`` gives the command line of a drill for its arguments. SIGINT and SIGTERM close it
    in order.
    """
    application = QApplication.instance() or QApplication(["pitboss"])
    if not isinstance(application, QApplication):
        raise RuntimeError("a QCoreApplication without windows runs already: start the console in its own process")
    application.setQuitOnLastWindowClosed(False)
    prepare(application)
    store = LayoutStore(layout_file)
    run = _Run(application, engine, profile, store, screenshot, position, on_tick, theme, drill_command)
    with _closing_signals(run.ask_to_close):
        run.window.show()
        application.exec()
    run.end()
    return run.exit_code


class _Run(QObject):
    """One run of the window: its heartbeat, its theme and its last acts."""

    def __init__(
        self,
        application: QApplication,
        engine: EngineView,
        profile: str,
        store: LayoutStore,
        screenshot: Path | None,
        position: Position | None,
        on_tick: Callable[[], bool] | None,
        theme: str | None,
        drill_command: CommandOf | None,
    ) -> None:
        super().__init__()
        self._application, self._store = application, store
        self._screenshot, self._position, self._on_tick = screenshot, position, on_tick
        self._asked = False
        self.exit_code = 0
        self._theme = next(name for name in (store.theme(), theme, system_theme(application)) if name in THEMES)
        apply_theme(application, self._theme)
        self.window = ConsoleWindow(engine, profile=profile, splitters=store.splitters(), drill_command=drill_command)
        self._place()
        self.window.status.theme_button.clicked.connect(self._change_theme)
        self.window.closing.connect(self._keep)
        self.window.closed.connect(application.quit)
        if not store.readable:
            self.window.model.say("warning", "The saved layout could not be read; a fresh one is used")
        self._heartbeat = QTimer(self)
        self._heartbeat.timeout.connect(self._beat)
        self._heartbeat.start(_HEARTBEAT_MS)

    def ask_to_close(self) -> None:
        """Close at the next heartbeat; safe in a signal handler."""
        self._asked = True

    def end(self) -> None:
        """Take the window down now, in this thread, instead of whenever it is collected."""
        self._heartbeat.stop()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def _beat(self) -> None:
        self._fit()
        if self._asked or (self._on_tick is not None and self._on_tick()):
            self._on_tick = None
            self.window.close()

    def _place(self) -> None:
        if self._position is None:
            self.window.resize(self._store.size() or _DEFAULT_SIZE)
            return
        left, top, width, height = self._position
        self.window.move(left, top)
        self.window.resize(width, height)

    def _fit(self) -> None:
        """Once the window manager has framed the window, take the frame's size off, so that it stays in its tile."""
        frame, inner = self.window.frameGeometry(), self.window.geometry()
        if self._position is None or frame.size() == inner.size():
            return
        left, top, width, height = self._position
        self._position = None
        self.window.resize(width - (frame.width() - inner.width()), height - (frame.height() - inner.height()))
        self.window.move(left, top)

    def _change_theme(self) -> None:
        self._theme = "light" if self._theme == "dark" else "dark"
        apply_theme(self._application, self._theme)

    def _keep(self) -> None:
        """What outlives the window: its picture and its layout."""
        if self._screenshot is not None and not self.window.grab().save(str(self._screenshot)):
            self.exit_code = 1
        self._store.save(self.window.area.remember(), self.window.size(), self._theme)


@contextmanager
def _closing_signals(close: Callable[[], None]) -> Iterator[None]:
    """While inside, an interrupt or termination closes the console instead of killing it."""

    def handle(number: int, frame: FrameType | None) -> None:
        close()

    before = {number: signal.signal(number, handle) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
