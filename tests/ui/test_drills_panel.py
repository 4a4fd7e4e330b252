"""The drills panel: it lists what is due, runs a drill as a real process, shows its end whatever it is, and cancels."""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.console.window import ConsoleWindow
from app.models.conditions import Look
from app.models.drill_rows import DrillRows, drill_rows
from app.models.drill_runner import CommandOf, DrillRun, DrillRunner
from app.panels.drills import DrillsPanel
from engine.execution.roles import role_command
from engine.words import CertificateStatus, Mode
from tests.ui.scene import a_snapshot
from tests.ui.standin import StandInEngine

PROGRAM = Path(__file__).with_name("drill_program.py")
PATIENCE_MS = 20_000
CERTIFICATES = (
    CertificateStatus("good", "Good drill", False, "never passed on this machine"),
    CertificateStatus("bad", "Bad drill", True, "passed on 2026-11-22"),
    CertificateStatus("babbles", "Babbling drill", False, "too old"),
)


@pytest.fixture
def drill_command(tmp_path: Path) -> CommandOf:
    """The program of this folder in place of the product's."""
    return lambda *arguments: [sys.executable, str(PROGRAM), str(tmp_path), *arguments]


@pytest.fixture
def runner(qtbot: QtBot, drill_command: CommandOf) -> Iterator[DrillRunner]:
    made = DrillRunner("dev", drill_command)
    made.load()
    qtbot.waitUntil(lambda: bool(made.entries), timeout=PATIENCE_MS)
    yield made
    made.end()
    made.deleteLater()


@pytest.fixture
def panel(qtbot: QtBot, window: ConsoleWindow) -> DrillsPanel:
    """The panel of the console, with its list."""
    window.area.reveal("drills")
    panel = window.panels["drills"]
    assert isinstance(panel, DrillsPanel)
    window.model.tick()
    qtbot.waitUntil(lambda: bool(panel.rows.rows), timeout=PATIENCE_MS)
    return panel


def run_to_end(qtbot: QtBot, runner: DrillRunner, name: str) -> DrillRun:
    with qtbot.waitSignal(runner.finished, timeout=PATIENCE_MS):
        runner.run([name])
    return runner.runs[name]


# the runner


def test_a_run_is_followed_to_its_report(qtbot: QtBot, runner: DrillRunner, tmp_path: Path) -> None:
    seen: list[float] = []
    runner.changed.connect(lambda: seen.append(runner.current.done if runner.current else -1.0))
    run = run_to_end(qtbot, runner, "good")
    assert (run.passed, run.over, run.problem) == (True, True, "")
    assert 0.5 in seen or 1.0 in seen
    assert [(each.passed, each.measured, each.limit) for each in run.criteria] == [
        (True, "21 ms", "100 ms"),
        (True, "2 of 2", "2 of 2"),
    ]
    assert run.figures == (("longest", "21.5 ms"),)
    assert run.report == str(tmp_path / "report.html")
    assert runner.current is None


def test_a_failed_run_says_which_criterion(qtbot: QtBot, runner: DrillRunner) -> None:
    run = run_to_end(qtbot, runner, "bad")
    assert run.passed is False
    assert [each.passed for each in run.criteria] == [True, False]


def test_a_crash_is_no_pass_and_says_its_last_words(qtbot: QtBot, runner: DrillRunner) -> None:
    run = run_to_end(qtbot, runner, "crashes")
    assert run.passed is None
    assert run.problem == "the disk is full"


def test_lines_that_are_no_events_are_left_alone(qtbot: QtBot, runner: DrillRunner) -> None:
    assert run_to_end(qtbot, runner, "babbles").passed is True


def test_a_program_that_cannot_start_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    runner = DrillRunner("dev", lambda *arguments: [str(tmp_path / "missing"), *arguments])
    run = run_to_end(qtbot, runner, "good")
    assert run.passed is None
    assert run.problem
    with qtbot.waitSignal(runner.changed, timeout=PATIENCE_MS):
        runner.load()
    assert runner.list_problem
    runner.deleteLater()


def test_drills_run_one_after_the_other_and_each_once(qtbot: QtBot, runner: DrillRunner, tmp_path: Path) -> None:
    runner.run(["good", "bad", "good"])
    runner.run(["bad"])
    qtbot.waitUntil(lambda: runner.current is None and not runner.queue, timeout=PATIENCE_MS)
    assert (tmp_path / "ran.txt").read_text(encoding="utf-8").split() == ["good", "bad"]


def test_a_cancelled_run_has_no_result_and_the_next_ones_are_not_begun(
    qtbot: QtBot, runner: DrillRunner, tmp_path: Path
) -> None:
    runner.run(["hangs", "good"])
    qtbot.waitUntil(lambda: runner.runs["hangs"].done == 0.5, timeout=PATIENCE_MS)
    with qtbot.waitSignal(runner.finished, timeout=PATIENCE_MS):
        runner.cancel()
    run = runner.runs["hangs"]
    assert (run.passed, run.problem, run.over) == (None, "cancelled", True)
    assert (tmp_path / "ran.txt").read_text(encoding="utf-8").split() == ["hangs"]


@pytest.mark.skipif(os.name != "posix", reason="process groups")
def test_one_that_ignores_its_end_is_killed_with_what_it_started(qtbot: QtBot, runner: DrillRunner) -> None:
    runner.run(["deaf"])
    qtbot.waitUntil(lambda: runner.runs["deaf"].done == 0.6, timeout=PATIENCE_MS)
    child = psutil.Process(int(runner.runs["deaf"].step))
    runner.end(milliseconds=200)
    assert runner.current is None
    _, alive = psutil.wait_procs([child], timeout=10)
    assert not alive


def test_a_drill_gets_a_clean_environment_and_the_consoles_profile(qtbot: QtBot, tmp_path: Path) -> None:
    told: list[tuple[str, ...]] = []

    def command(*arguments: str) -> list[str]:
        told.append(arguments)
        return [
            sys.executable,
            "-c",
            "import os, sys; sys.stderr.write(str([n for n in os.environ if n[:3] == 'QT_']))",
        ]

    runner = DrillRunner("staging", command)
    run = run_to_end(qtbot, runner, "good")
    assert told == [("good", "--events", "--profile", "staging")]
    assert run.problem == str(["QT_QPA_PLATFORM"])
    runner.deleteLater()


# the rows


def test_the_rows_say_what_is_due_and_why(runner: DrillRunner) -> None:
    rows = {row.name: row for row in drill_rows(runner.entries, CERTIFICATES, {}, ["hangs"])}
    assert (rows["good"].state, rows["good"].why) == ("due", "never passed on this machine")
    assert rows["bad"].state == "passed"
    assert rows["crashes"].state == ""
    assert rows["hangs"].state == "waits"
    failed = DrillRun("bad", "Bad drill", (), over=True, passed=False)
    assert drill_rows(runner.entries, CERTIFICATES, {"bad": failed}, [])[1].state == "failed"


def test_the_model_keeps_its_promises_to_the_view(runner: DrillRunner) -> None:
    rows = DrillRows()
    tester = QAbstractItemModelTester(rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for certificates, queue in ((CERTIFICATES, []), ((), ["good"]), (CERTIFICATES, ["bad"])):
        rows.show_rows(drill_rows(runner.entries, certificates, {}, queue))
    rows.show_rows(())
    rows.show_rows(drill_rows(runner.entries[:2], (), {}, []))
    assert tester.model() is rows
    assert rows.rowCount() == 2


# the panel


def test_the_list_shows_every_drill_and_how_many_are_due(
    window: ConsoleWindow, engine: StandInEngine, panel: DrillsPanel
) -> None:
    engine.show(certificates=CERTIFICATES)
    window.model.tick()
    assert [row.title for row in panel.rows.rows][:2] == ["Good drill", "Bad drill"]
    assert panel.word.text() == "2 due"
    assert "never passed on this machine" in panel.details.state.text
    assert panel.details.criteria() == ["The first thing holds", "The second thing holds"]


def test_a_run_shows_the_badge_bars_arming_and_ends_with_its_criteria(
    qtbot: QtBot, window: ConsoleWindow, engine: StandInEngine, panel: DrillsPanel
) -> None:
    panel.choose("hangs")
    panel.run_button.click()
    qtbot.waitUntil(lambda: panel.details.progress.value() == 500, timeout=PATIENCE_MS)
    engine.show()
    window.model.tick()
    badge = next(each for each in window.conditions.shown if each.look is Look.DRILL)
    assert (badge.chip, "does not touch this engine" in badge.text) == ("DRILL", True)
    assert panel.word.text() == "DRILL: Hanging drill"
    assert panel.details.state.text == "50% · Half of the way"
    assert not window.strip.arm.isEnabled()
    assert "drill is running" in window.strip.arm.toolTip()
    with qtbot.waitSignal(window.drills.finished, timeout=PATIENCE_MS):
        panel.cancel_button.click()
    qtbot.waitUntil(lambda: not panel.cancel_button.isVisible())
    assert panel.details.state.text == "No result: cancelled"
    assert window.strip.arm.isEnabled()
    panel.choose("bad")
    with qtbot.waitSignal(window.drills.finished, timeout=PATIENCE_MS):
        panel.run_button.click()
    qtbot.waitUntil(lambda: panel.details.state.abnormal)
    assert panel.details.criteria()[1] == "The second thing holds\nFAILED: 1 of 2 (limit 2 of 2)"
    assert not any(each.look is Look.DRILL for each in window.conditions.shown)
    texts = [window.model.events.event_at(row).text for row in range(window.model.events.rowCount())]
    assert texts[-1] == "Drill Bad drill: FAILED"


def test_all_that_is_due_runs_with_one_press(
    qtbot: QtBot, window: ConsoleWindow, engine: StandInEngine, panel: DrillsPanel, tmp_path: Path
) -> None:
    engine.show(certificates=CERTIFICATES)
    window.model.tick()
    panel.due_button.click()
    qtbot.waitUntil(lambda: window.drills.current is None and not window.drills.queue, timeout=PATIENCE_MS)
    assert (tmp_path / "ran.txt").read_text(encoding="utf-8").split() == ["good", "babbles"]
    qtbot.waitUntil(lambda: not panel.due_button.isEnabled())


def test_nothing_is_drilled_while_the_bot_is_armed(
    window: ConsoleWindow, engine: StandInEngine, panel: DrillsPanel
) -> None:
    engine.now = replace(a_snapshot(Mode.LIVE), at=engine.now.at + 1, certificates=CERTIFICATES)
    window.model.tick()
    assert not panel.run_button.isEnabled()
    assert not panel.due_button.isEnabled()
    assert "Disarm first" in panel.run_button.toolTip()
    panel.run()
    panel.run_due()
    assert window.drills.current is None


def test_the_report_is_opened(qtbot: QtBot, window: ConsoleWindow, panel: DrillsPanel, tmp_path: Path) -> None:
    opened: list[str] = []

    class Opener(QObject):
        @Slot(QUrl)
        def open(self, url: QUrl) -> None:
            opened.append(url.toLocalFile())

    opener = Opener()
    QDesktopServices.setUrlHandler("file", opener, "open")  # type: ignore[arg-type]  # its stub says bytes
    assert not panel.report_button.isEnabled()
    with qtbot.waitSignal(window.drills.finished, timeout=PATIENCE_MS):
        panel.run_button.click()
    qtbot.waitUntil(panel.report_button.isEnabled)
    panel.report_button.click()
    QDesktopServices.unsetUrlHandler("file")
    assert opened == [str(tmp_path / "report.html")]


def test_closing_the_console_ends_the_drill(
    qtbot: QtBot, window: ConsoleWindow, engine: StandInEngine, panel: DrillsPanel
) -> None:
    panel.choose("hangs")
    panel.run_button.click()
    qtbot.waitUntil(lambda: panel.details.progress.value() == 500, timeout=PATIENCE_MS)
    assert window.drills._process is not None
    process = psutil.Process(window.drills._process.processId())
    window.close()
    qtbot.waitUntil(window.isHidden, timeout=PATIENCE_MS)
    assert window.drills.current is None
    assert not process.is_running()


def test_the_products_own_drill_runs_from_the_panel(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PITBOSS_HOME", str(tmp_path))
    runner = DrillRunner("dev", lambda *arguments: role_command("drill", *arguments))
    runner.load()
    qtbot.waitUntil(lambda: bool(runner.entries), timeout=60_000)
    assert "panic-stop" in [entry.name for entry in runner.entries]
    with qtbot.waitSignal(runner.finished, timeout=60_000):
        runner.run(["panic-stop"])
    run = runner.runs["panic-stop"]
    assert (run.passed, run.problem) == (True, "")
    assert all(each.passed for each in run.criteria)
    assert Path(run.report).is_relative_to(tmp_path)
    assert Path(run.report).read_text(encoding="utf-8").startswith("<!")
    runner.deleteLater()
