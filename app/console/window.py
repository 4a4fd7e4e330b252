"""The console's one window: strip, banner, readiness, panels and status line, driven by the view model."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.console.arrangement import PanelArea
from app.console.banner import PanicBanner
from app.console.condition_bar import ConditionBar
from app.console.readiness import ReadinessList
from app.console.status_line import StatusLine
from app.console.strip import Strip
from app.models.alarm_rows import WAITING
from app.models.commands import CommandRunner
from app.models.conditions import conditions
from app.models.console_model import ConsoleModel
from app.models.drill_runner import CommandOf, DrillRun, DrillRunner
from app.models.engine_view import EngineView
from app.models.wording import STALE_AFTER_NS
from app.panels.alarms import ACKNOWLEDGE_KEY, SHELVE_KEY, AlarmsPanel
from app.panels.charts import ConfidencePanel, TimingPanel
from app.panels.decision import DecisionPanel
from app.panels.drills import DrillsPanel
from app.panels.events import EventsPanel
from app.panels.hand import HandPanel
from app.panels.health import HealthPanel
from app.panels.panel import Panel, label
from app.panels.risk import RiskPanel
from app.panels.solver import SolverPanel
from app.panels.strategy_grid import StrategyPanel
from app.panels.table import TablePanel
from engine.clock import Clock, SystemClock
from engine.words import CheckResult, Mode, Snapshot

# With any window manager's frame round it, it still fits the smallest tile, 580 x 600.
SMALLEST = QSize(564, 550)
_STOP_KEYS = ("Esc", "Ctrl+.")


class ConsoleWindow(QWidget):
    """Shows an engine and passes on what the operator asks for.

    Making it changes nothing in the engine. Closing it ends the engine first, beside the GUI thread. Signals:
    ``closing`` when that begins, while all is still in view; ``closed`` when the engine has ended.
    """

    closing = Signal()
    closed = Signal()

    def __init__(
        self,
        engine: EngineView,
        *,
        profile: str = "dev",
        clock: Clock | None = None,
        splitters: dict[str, list[int]] | None = None,
        drill_command: CommandOf | None = None,
        utc: Callable[[], float] = time.time,
    ) -> None:
        """``drill_command`` gives the command line of a drill, ``utc`` the seconds since 1970 for countdowns."""
        super().__init__()
        self._engine = engine
        self._closing, self._ended = False, False
        self.model = ConsoleModel(engine, clock or SystemClock(), self, utc=utc)
        self.commands = CommandRunner(self)
        self.drills = DrillRunner(profile, drill_command, self)
        self.strip, self.banner, self.readiness = Strip(self.stop_now), PanicBanner(), ReadinessList()
        self.conditions = ConditionBar()
        self.alarms = AlarmsPanel(self.acknowledge, self.shelve, self.unshelve)
        self.notice, self.status = label("notice", wrap=True), StatusLine(profile)
        self.panels: dict[str, Panel] = {
            "table": TablePanel(),
            "hand": HandPanel(),
            "decision": DecisionPanel(),
            "confidence": ConfidencePanel(),
            "timings": TimingPanel(),
            "risk": RiskPanel(),
            "alarms": self.alarms,
            "health": HealthPanel(),
            "drills": DrillsPanel(self.drills),
            "events": EventsPanel(self.model.events),
            "solver": SolverPanel(),
            "strategy": StrategyPanel(),
        }
        self.area = PanelArea(self.panels, dict(splitters or {}))
        self.setWindowTitle(f"Pitboss console · {profile}")
        self.setMinimumSize(SMALLEST)
        # Nothing holds the focus at first: no key acts before the operator has gone to a control.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocus()
        self._lay_out()
        self._connect()

    def stop_now(self) -> None:
        """The panic stop: the engine's stop word first, everything else after."""
        try:
            self._engine.stop()
        except Exception as error:  # the word is promised never to fail; if it does, say what else stops the bot
            self.model.say("alarm", f"The stop could not be sent ({error}): use the hotkey or `pitboss stop`")

    def refresh(self) -> None:
        """Draw the model. A part that fails is logged once and costs only itself."""
        snapshot = self.model.snapshot
        heard = None if self.model.silent_ns >= STALE_AFTER_NS else snapshot
        drill = self.drills.current
        self._guarded("strip", lambda: self._refresh_strip(heard, drill))
        if snapshot is not None:
            self._guarded("conditions", lambda: self._refresh_conditions(snapshot, drill))
            self._guarded("banner", lambda: self.banner.refresh(snapshot))
            self._guarded("readiness", lambda: self._refresh_readiness(snapshot))
        self._guarded("status line", lambda: self.status.refresh(self.model))
        for panel in self.panels.values():
            if panel.isVisible():
                self._guarded(panel.title, lambda panel=panel: panel.refresh(self.model))  # type: ignore[misc]

    def showEvent(self, event: QShowEvent) -> None:
        self.model.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight (minimised too): no snapshots are taken and nothing is drawn."""
        self.model.stop()
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the engine, then hide. The stop works until the end."""
        if self._ended:
            event.accept()
            return
        event.ignore()
        if not self._closing:
            self._begin_close()

    def open_readiness(self) -> None:
        """The first step of arming: look at the checks, which are run anew."""
        self.readiness.show()
        self.check()

    def check(self) -> None:
        self.readiness.show_busy("Checking …")
        self.commands.run("check", self._engine.check, self._on_checked)

    def arm(self) -> None:
        """The second step of arming."""
        self.readiness.show_busy("Arming …")
        self.commands.run("arm", self._engine.arm, self._on_armed)

    def acknowledge(self, key: str) -> None:
        """Tell the engine that the operator has seen an alarm."""
        self.commands.run(f"acknowledge {key}", lambda: self._engine.acknowledge(key), lambda _: None)

    def shelve(self, key: str) -> None:
        """Have the engine put an alarm out of the way for a while."""
        self.commands.run(f"shelve {key}", lambda: self._engine.shelve(key), lambda _: None)

    def unshelve(self, key: str) -> None:
        """Have the engine bring a shelved alarm back."""
        self.commands.run(f"unshelve {key}", lambda: self._engine.unshelve(key), lambda _: None)

    def in_the_alarm_list(self, act: Callable[[], None]) -> None:
        """Act in the list; where that is out of sight, bring it up first: nothing is done to an alarm unseen."""
        if self.alarms.isVisible():
            act()
        else:
            self.area.reveal("alarms")

    def read_page(self, page: str) -> None:
        """Show a page of the product's documents where the alarms are."""
        self.area.reveal("alarms")
        self.alarms.show_page(page)

    def _refresh_strip(self, heard: Snapshot | None, drill: DrillRun | None) -> None:
        self.strip.refresh(heard, self.commands.running, closing=self._closing, drill=drill is not None)

    def _refresh_conditions(self, snapshot: Snapshot, drill: DrillRun | None) -> None:
        self.conditions.show_conditions(conditions(snapshot, "" if drill is None else drill.title))
        self.area.show_count("alarms", sum(alarm.state in WAITING for alarm in snapshot.alarms))

    def _on_drilled(self, run: object) -> None:
        """A drill is over: its result is a line of the log."""
        assert isinstance(run, DrillRun)
        if run.passed is None:
            self.model.say("warning", f"Drill {run.title}: no result: {run.problem}")
        else:
            verdict = "passed" if run.passed else "FAILED"
            self.model.say("info" if run.passed else "warning", f"Drill {run.title}: {verdict}")

    def _begin_close(self) -> None:
        self._closing = True
        self.closing.emit()
        self.drills.cancel()
        armed = self.model.snapshot is not None and self.model.snapshot.armed
        self._say("Disarming and closing …" if armed else "Closing …")
        self.commands.run("close", self._engine.close, self._on_closed)
        self.refresh()

    def _on_closed(self, _: object) -> None:
        self._ended = True
        self.model.stop()
        self.hide()
        self.drills.end()
        self.close()
        self.closed.emit()

    def _on_checked(self, result: object) -> None:
        snapshot = self.model.snapshot
        may_arm = snapshot is not None and not snapshot.armed and snapshot.mode is not Mode.STOPPED
        self.readiness.show_checks(cast(Sequence[CheckResult], result), may_arm=may_arm)

    def _on_armed(self, result: object) -> None:
        failed = cast(Sequence[CheckResult], result)
        if failed:
            self.readiness.show_checks(failed, may_arm=False, refused=True)
        else:
            self.readiness.hide()

    def _on_reset(self, result: object) -> None:
        self._say(f"Not reset: {result}" if result else "")

    def _on_failed(self, command: str, problem: str) -> None:
        self.model.say("warning", f"The command {command} failed: {problem}")
        if command == "close":
            self._on_closed(None)
            return
        if command.startswith(("acknowledge ", "shelve ", "unshelve ")):
            return
        self._say(f"The command {command} failed: {problem}")
        if command in ("check", "arm"):
            self.readiness.show_checks((), may_arm=False)

    def _refresh_readiness(self, snapshot: Snapshot) -> None:
        """A list left open must not offer to arm what was stopped or armed meanwhile."""
        if snapshot.armed or snapshot.mode is Mode.STOPPED:
            self.readiness.hide()

    def _say(self, text: str) -> None:
        self.notice.setText(text)
        self.notice.setVisible(bool(text))

    def _guarded(self, where: str, draw: Callable[[], None]) -> None:
        try:
            draw()
        except Exception as error:  # a failing display never ends the run
            self.model.report_fault(where, error)

    def _command(self, name: str, work: Callable[[], object], answer: Callable[[object], None]) -> Callable[[], None]:
        def run() -> None:
            self._say("")
            self.commands.run(name, work, answer)

        return run

    def _connect(self) -> None:
        engine, strip, nothing = self._engine, self.strip, lambda _: None
        for keys in _STOP_KEYS:
            shortcut = QShortcut(
                QKeySequence(keys), self, self.stop_now, context=Qt.ShortcutContext.ApplicationShortcut
            )
            shortcut.setAutoRepeat(False)
        acts = {ACKNOWLEDGE_KEY: self.alarms.acknowledge, SHELVE_KEY: self.alarms.shelve}
        for keys, act in acts.items():
            QShortcut(QKeySequence(keys), self, partial(self.in_the_alarm_list, act))
        strip.standby.clicked.connect(self._command("disarm", engine.disarm, nothing))
        strip.shadow.clicked.connect(self._command("shadow", engine.shadow, nothing))
        strip.finish.clicked.connect(self._command("finish", engine.finish, nothing))
        strip.reset.clicked.connect(self._command("reset", engine.reset, self._on_reset))
        strip.arm.clicked.connect(self.open_readiness)
        strip.word.clicked.connect(self.open_readiness)
        self.readiness.check_wanted.connect(self.check)
        self.readiness.arm_wanted.connect(self.arm)
        self.readiness.dismissed.connect(self.readiness.hide)
        self.conditions.wanted.connect(self.area.reveal)
        self.banner.page_wanted.connect(self.read_page)
        self.drills.finished.connect(self._on_drilled)
        self.drills.changed.connect(self.refresh)
        self.commands.failed.connect(self._on_failed)
        self.commands.changed.connect(self.refresh)
        self.model.changed.connect(self.refresh)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.strip, self.conditions, self.banner, self.readiness, self.notice):
            column.addWidget(part)
        column.addWidget(self.area, 1)
        column.addWidget(self.status)
        self._say("")
