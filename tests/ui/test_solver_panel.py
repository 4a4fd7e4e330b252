"""The solver panel: the spot, the method in words, time against its budget, and the chart of how it closed in."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from app.console.window import ConsoleWindow
from app.models.solver_rows import convergence, method, solver_facts, spot_line
from app.models.wording import STALE_AFTER_NS
from app.panels.solver import SolverPanel
from app.theme.colours import LIGHT
from engine.clock import SECOND, VirtualClock
from engine.game.state import Street
from engine.words.thought import NO_SOLVE, SolvePoint, SolverView
from tests.ui.scene import a_state
from tests.ui.solutions import RIVER, a_view, known, solved_river
from tests.ui.standin import StandInEngine
from tests.ui.test_panels import count

GAP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def panel(window: ConsoleWindow) -> SolverPanel:
    window.resize(1400, 900)
    window.area.reveal("solver")
    panel = window.panels["solver"]
    assert isinstance(panel, SolverPanel)
    return panel


def draw(window: ConsoleWindow, engine: StandInEngine, view: SolverView, **changes: object) -> None:
    for _ in range(3):
        engine.show(solver=view, **{"state": RIVER, **changes})
        window.model.tick()
    QApplication.processEvents()


def said(panel: SolverPanel) -> list[str]:
    lines = (panel.headline, panel.closeness, panel.time, panel.work, panel.spot, panel.kept, panel.detail)
    return [line.text() for line in lines if line.isVisible()]


@pytest.mark.parametrize(
    ("source", "street", "words"),
    [
        ("subgame", Street.RIVER, "exact subgame"),
        ("limited", Street.FLOP, "flop, depth-limited"),
        ("limited", Street.TURN, "turn, depth-limited"),
        ("library", Street.FLOP, "library"),
        ("preflop", Street.PREFLOP, "pre-flop chart"),
        ("multiway", Street.FLOP, "multiway approximation"),
        ("cache", Street.TURN, "stored answer"),
        ("baseline", Street.FLOP, "baseline"),
        ("safe", Street.FLOP, "safe action"),
    ],
)
def test_every_method_has_its_words(source: str, street: Street, words: str) -> None:
    assert method(known(source=source), street) == words


def test_a_spot_is_one_line() -> None:
    assert spot_line(RIVER) == "Hand spot · River Q♠ J♠ 2♦ 3♣ 8♥ · you hold A♠K♠ · pot 440 · against seat 1"
    assert spot_line(a_state()).endswith("pot 45 · 12 to call · against seat 2, seat 4, seat 5")


def test_nothing_asked_is_said_instead_of_an_empty_chart(
    window: ConsoleWindow, engine: StandInEngine, panel: SolverPanel
) -> None:
    draw(window, engine, NO_SOLVE)
    assert panel.headline.text() == "No solve yet"
    assert not panel.plot.isVisible()
    assert not panel.bar.isVisible()
    assert panel.empty.text() == "The chart begins with the first solve"


def test_a_solve_says_all_of_itself(window: ConsoleWindow, engine: StandInEngine, panel: SolverPanel) -> None:
    draw(window, engine, a_view(known()))
    assert said(panel) == [
        "Solved · exact subgame",
        "Exploitable by 0.31% of pot",
        f"Time 2.00{GAP}s of 10.00{GAP}s",
        "152 iterations",
        spot_line(RIVER),
        "Stored answers 31 · found 4 · not found 27",
        "The street solved exactly: 81 betting nodes, 152 iterations",
    ]
    assert panel.bar.value() == 200
    assert panel.plot.isVisible()
    assert not panel.warning.isVisible()


def test_a_real_answer_is_shown_with_its_figures(
    window: ConsoleWindow, engine: StandInEngine, panel: SolverPanel
) -> None:
    solution = solved_river()
    draw(window, engine, a_view(solution))
    assert panel.headline.text() == "Solved · exact subgame"
    assert panel.work.text() == f"{solution.iterations} iterations"
    assert f"{solution.exploitability:.2f}%" in panel.closeness.text()


def test_the_curve_falls_on_a_logarithmic_axis(
    window: ConsoleWindow, engine: StandInEngine, panel: SolverPanel
) -> None:
    draw(window, engine, a_view(known()))
    x, y = panel.plot.curves[0].getData()
    assert x[:5] == pytest.approx([0.4, 0.8, 1.2, 1.6, 2.0])
    assert 10.0 ** y[:5] == pytest.approx([40.0, 9.0, 2.0, 0.7, 0.31])
    (left, right), (bottom, top) = panel.plot.viewRange()
    assert (left, right) == pytest.approx((0, 11.5))
    assert bottom < -2 < 2 < top
    assert count(panel.plot.grab().toImage(), QColor(LIGHT.series[0])) > 20
    panel.by.click()
    draw(window, engine, a_view(known()))
    assert panel.by.text() == "by iterations"
    assert panel.plot.curves[0].getData()[0][:5] == pytest.approx([30, 60, 90, 120, 150])


def test_the_chart_follows_a_solve_under_way(window: ConsoleWindow, engine: StandInEngine, panel: SolverPanel) -> None:
    whole = a_view(None, running=True)
    draw(window, engine, replace(whole, points=()))
    assert (panel.headline.text(), panel.empty.text()) == ("Solving", "Nothing measured yet")
    assert panel.time.text() == f"Time none yet of 10.00{GAP}s"
    for number in (1, 3, 5):
        draw(window, engine, replace(whole, points=whole.points[:number]))
        assert len(panel.plot.curves[0].getData()[0]) == number + 1
        assert panel.bar.value() == 40 * number
        assert panel.work.text() == f"{30 * number} iterations"


def test_an_unchanged_solve_is_not_drawn_again(
    window: ConsoleWindow, engine: StandInEngine, panel: SolverPanel
) -> None:
    draw(window, engine, a_view(known()))
    before = panel.plot.curves[0].getData()[0]
    draw(window, engine, replace(a_view(known()), hits=5))
    assert panel.plot.curves[0].getData()[0] is before


def test_what_was_not_measured_is_said(window: ConsoleWindow, engine: StandInEngine, panel: SolverPanel) -> None:
    unmeasured = replace(known(source="multiway"), exploitability=None)
    draw(window, engine, replace(a_view(unmeasured), points=(SolvePoint(SECOND, 10, None),)))
    assert panel.closeness.text() == "Exploitability not measured"
    assert panel.empty.isVisible()
    assert not panel.plot.isVisible()


def test_a_silent_engine_makes_it_stale(
    window: ConsoleWindow, engine: StandInEngine, panel: SolverPanel, clock: VirtualClock
) -> None:
    draw(window, engine, a_view(known()))
    clock.sleep(STALE_AFTER_NS + 3 * SECOND)
    for _ in range(3):
        window.model.tick()
    assert panel.headline.text() == "Stale · exact subgame"
    assert panel.warning.isVisible()
    assert panel.warning.text() == f"Not current: no word from the engine for 4{GAP}s"


def test_an_answer_to_an_earlier_spot_says_so() -> None:
    view = a_view(known())
    assert solver_facts(view, RIVER, 0, SECOND).headline == "Solved"
    for now in (None, a_state(), replace(RIVER, history=RIVER.history[:-1])):
        assert solver_facts(view, now, 0, SECOND).headline == "Solved, earlier spot"
    assert solver_facts(a_view(None), None, 0, SECOND).headline == "No answer, earlier spot"


def test_more_time_than_there_was_is_said(window: ConsoleWindow, engine: StandInEngine, panel: SolverPanel) -> None:
    draw(window, engine, a_view(replace(known(), took_ns=11 * SECOND)))
    assert panel.time.text() == f"Time 11.00{GAP}s of 10.00{GAP}s, over its budget"
    assert panel.bar.value() == 1000


def test_a_damaged_store_is_said(window: ConsoleWindow, engine: StandInEngine, panel: SolverPanel) -> None:
    draw(window, engine, replace(a_view(known()), problem="its checksum does not fit"))
    assert panel.warning.isVisible()
    assert panel.warning.text() == "The file of stored answers: its checksum does not fit"


def test_only_what_was_measured_is_a_point() -> None:
    points = (SolvePoint(SECOND, 5, None), SolvePoint(2 * SECOND, 9, 3.0), SolvePoint(3 * SECOND, 12, 0.0))
    line = convergence(replace(a_view(None), points=points))
    assert line.seconds.tolist() == [2.0, 3.0]
    assert line.iterations.tolist() == [9, 12]
    assert line.exploitability.tolist() == [3.0, 0.01]
