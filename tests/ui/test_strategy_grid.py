"""The strategy grid: what is decoded, what is painted, and that mouse, keyboard and screen reader learn the same."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from app.console.window import ConsoleWindow
from app.models.grid_model import Grid, GridError, class_at, decode
from app.models.grid_text import big_blinds_text, cell_text, pair_name
from app.models.wording import STALE_AFTER_NS
from app.panels.strategy_grid import StrategyPanel
from app.theme.action_colours import DARK_ACTIONS, LIGHT_ACTIONS, ActionColours, colour_of
from app.theme.colours import DARK, LIGHT, Colours
from engine.clock import VirtualClock
from engine.game.packed import pack, unpack
from engine.game.ranges import CLASS_NAMES, CLASS_OF, COMBOS, combo_index
from engine.game.state import TableState
from tests.solver.spots import FOLD
from tests.ui.solutions import RIVER, a_view, known, solved_river
from tests.ui.standin import StandInEngine
from tests.ui.test_panels import count

AKS, QQ, LOW, AA = (CLASS_NAMES.index(name) for name in ("AKs", "QQ", "76o", "AA"))


@pytest.fixture
def panel(window: ConsoleWindow, engine: StandInEngine) -> StrategyPanel:
    window.resize(1400, 900)
    window.area.reveal("strategy")
    panel = window.panels["strategy"]
    assert isinstance(panel, StrategyPanel)
    show(window, engine, solver=a_view(known()), state=RIVER)
    return panel


def show(window: ConsoleWindow, engine: StandInEngine, **changes: object) -> None:
    engine.show(**changes)
    window.model.tick()
    QApplication.processEvents()


def picture(panel: StrategyPanel, place: int) -> QImage:
    return panel.grid.grab(panel.grid.cell(place).toRect()).toImage()


def hero_grid(state: TableState = RIVER) -> Grid:
    return decode(known(), state).of(0)[0]


def test_places_are_those_of_the_field() -> None:
    assert [CLASS_NAMES[class_at(*at)] for at in ((0, 0), (0, 1), (1, 0), (12, 12))] == ["AA", "AKs", "AKo", "22"]


def test_a_known_solution_is_decoded_to_its_shares_and_weights() -> None:
    grid = hero_grid()
    assert [column.role for column in grid.columns] == ["passive", "sized", "all-in"]
    assert [column.text for column in grid.columns] == ["Check", "Bet 100", "All-in 1\N{NARROW NO-BREAK SPACE}780"]
    assert grid.shares[:, AKS] == pytest.approx([0.75, 0.25, 0])
    assert (grid.weight[AKS], grid.weight[LOW], grid.weight[AA]) == pytest.approx((1, 0.5, 0))
    # On the board lie a queen and no ace, king, seven or six: 4 pairs of AKs, 3 of QQ, 12 halves of 76o.
    assert grid.pairs == pytest.approx(4 + 3 + 6)
    assert grid.totals == pytest.approx([3 / 13, 1 / 13, 9 / 13])


def test_a_solved_river_is_decoded_as_it_stands() -> None:
    solution = solved_river()
    grids = decode(solution, RIVER)
    assert [name for _, name in grids.seats] == ["You", "Seat 1"]
    assert len(grids.grids) == len(solution.nodes) + 1
    board = {combo for combo, pair in enumerate(COMBOS) if {*pair.tolist()} & {4 * 10 + 3, 4 * 9 + 3, 1, 4, 26}}
    for grid, node in zip(grids.grids[1:], solution.nodes, strict=True):
        frequencies, reach = unpack(node.frequencies), unpack(node.reach)[0]
        assert not reach[list(board)].any() or not grid.reach[list(board)].any()
        for place in range(169):
            pairs = np.flatnonzero((place == CLASS_OF) & (grid.reach > 0))
            if grid.held(place):
                wanted = sum(frequencies[:, pair] * reach[pair] for pair in pairs) / reach[pairs].sum()
                assert grid.shares[:, place] == pytest.approx(wanted, abs=1e-5)
                assert grid.shares[:, place].sum() == pytest.approx(1, abs=0.01)
    own = combo_index(*RIVER.hole)
    values = {value.action: value.ev / RIVER.big_blind for value in solution.actions}
    for action, worth in zip(solution.nodes[0].actions, grids.of(0)[0].evs[:, own], strict=True):
        assert worth == pytest.approx(values[action], abs=0.05)


def test_the_other_seat_has_its_range_and_its_replies() -> None:
    grids = decode(known(), RIVER)
    assert [grid.path for grid in grids.of(1)] == ["Range now", "After you: bet 100"]
    assert grids.of(1)[0].columns == ()
    assert grids.of(1)[0].pairs == pytest.approx(6)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("reach", "AAA"),
        ("frequencies", pack(np.zeros((2, 1326)))),
        ("evs", "AAAA"),
        ("reach", pack(np.full(1326, np.nan))),
    ],
)
def test_arrays_that_do_not_fit_are_refused(field: str, text: str) -> None:
    solution = known()
    node = replace(solution.nodes[0], **{field: text})  # type: ignore[arg-type]
    with pytest.raises(GridError):
        decode(replace(solution, nodes=(node,)), RIVER)


def test_a_damaged_solution_is_said_and_costs_only_itself(
    window: ConsoleWindow, engine: StandInEngine, panel: StrategyPanel
) -> None:
    solution = known()
    damaged = replace(solution, nodes=(replace(solution.nodes[0], evs="AAA"),))
    show(window, engine, solver=a_view(damaged))
    assert panel.empty.text().startswith("This solution cannot be shown")
    assert not panel.grid.isVisible()
    show(window, engine, solver=a_view(known()))
    assert panel.grid.isVisible()


def test_a_cell_says_its_pairs_with_frequency_and_value() -> None:
    text = cell_text(hero_grid(), AKS, AKS)
    gap = "\N{NO-BREAK SPACE}"
    assert text.title == "AKs (your hand): 4 of 4 pairs"
    assert text.lines[0] == f"All: Check 75%, Bet 100 25%; EV +3.50{gap}bb"
    spades = pair_name(combo_index("As", "Ks"))
    assert f"{spades}: Check 75% at +4.00{gap}bb, Bet 100 25% at +2.00{gap}bb" in text.lines
    assert len(text.lines) == 5
    assert cell_text(hero_grid(), LOW).title == "76o: 6 of 12 pairs"
    assert "(held 50%)" in cell_text(hero_grid(), LOW).lines[1]
    assert cell_text(hero_grid(), AA).title == "AA: not in the range"


def test_a_value_of_nothing_has_no_minus() -> None:
    assert big_blinds_text(-0.001) == "+0.00\N{NO-BREAK SPACE}bb"
    assert big_blinds_text(-1.5) == "\N{MINUS SIGN}1.50\N{NO-BREAK SPACE}bb"


@pytest.mark.parametrize("width", [300, 304, 308, 312, 316])
def test_names_stand_in_every_cell_however_widths_are_rounded(panel: StrategyPanel, width: int) -> None:
    everything = np.ones((1, 1326))
    whole = replace(
        known().nodes[0], actions=(FOLD,), reach=pack(everything / 100), frequencies=pack(everything), evs=""
    )
    low = decode(replace(known(), nodes=(whole,), ranges=()), RIVER).grids[0]
    grid = replace(low, weight=low.weight / 100)
    panel.grid.show_grid(grid, None)
    panel.grid.resize(width, 420)
    for place in range(13):
        name = picture(panel, place).copy(1, 2, 18, 8)
        assert any(name.pixelColor(x, y).lightness() < 128 for x in range(18) for y in range(8)), CLASS_NAMES[place]


def test_values_that_are_not_known_are_left_out() -> None:
    solution = known()
    node = replace(solution.nodes[0], evs="")
    text = cell_text(decode(replace(solution, nodes=(node,)), RIVER).of(0)[0], AKS)
    assert text.lines[0] == "All: Check 75%, Bet 100 25%"
    assert not any("bb" in line or "nan" in line for line in text.lines)


def test_a_cell_is_split_by_frequency_and_as_high_as_its_weight(panel: StrategyPanel) -> None:
    panel.grid.look_at(LOW - 1)
    colours = LIGHT_ACTIONS
    mixed = picture(panel, AKS)
    check, bet = (count(mixed, QColor(name)) for name in (colours.passive, colours.smallest))
    assert check / (check + bet) == pytest.approx(0.75, abs=0.1)
    whole, half = (count(picture(panel, place), QColor(colours.all_in)) for place in (QQ, LOW))
    assert whole > 0
    assert half / whole == pytest.approx(0.5, abs=0.15)


def test_what_is_not_in_the_range_is_blank(panel: StrategyPanel) -> None:
    blank = picture(panel, class_at(6, 9))
    assert count(blank, QColor(LIGHT.panel)) == blank.width() * blank.height()


def test_the_heros_hand_is_outlined_in_his_range_alone(panel: StrategyPanel) -> None:
    panel.grid.look_at(class_at(12, 12))
    around = panel.grid.cell(AKS).adjusted(-2, -2, 2, 2).toRect()
    outlined = panel.grid.grab(around).toImage()
    assert count(outlined, QColor(LIGHT.ink)) > around.width()
    panel.seat.setCurrentIndex(1)
    plain = panel.grid.grab(around).toImage()
    assert count(plain, QColor(LIGHT.ink)) < count(outlined, QColor(LIGHT.ink)) / 4


def test_a_solution_is_decoded_and_painted_once(
    window: ConsoleWindow, engine: StandInEngine, panel: StrategyPanel
) -> None:
    for _ in range(6):  # the panel beside it draws at a third of the ticks, and then moves
        show(window, engine)
    decoded, painted = panel.decoded, panel.grid.painted
    assert decoded == 1
    for _ in range(30):
        show(window, engine)
    assert (panel.decoded, panel.grid.painted) == (decoded, painted)
    show(window, engine, solver=a_view(known()))
    assert panel.decoded == 2
    assert panel.grid.painted > painted


@pytest.mark.qt_log_ignore("does not support raise")
def test_mouse_keyboard_and_screen_reader_learn_the_same(panel: StrategyPanel) -> None:
    grid = panel.grid
    assert grid.current == AKS
    QTest.mouseMove(grid, grid.cell(QQ).center().toPoint())
    assert grid.current == QQ
    hovered = panel.cell.text(), panel.pairs.text(), grid.accessibleDescription()
    assert hovered[0] == "QQ: 3 of 3 pairs"
    assert hovered[2].startswith(hovered[0])
    QTest.keyClick(grid, Qt.Key.Key_Home)
    assert (grid.current, panel.cell.text()) == (AKS, "AKs (your hand): 4 of 4 pairs")
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        QTest.keyClick(grid, key)
    assert (panel.cell.text(), panel.pairs.text(), grid.accessibleDescription()) == hovered
    QTest.keyClick(grid, Qt.Key.Key_Up)
    assert grid.current == class_at(1, 2)
    assert QToolTip.text() == grid.accessibleDescription()
    QToolTip.hideText()


def test_every_cell_is_found_where_it_is_painted(panel: StrategyPanel) -> None:
    grid = panel.grid
    assert [grid.place_at(grid.cell(place).center()) for place in range(169)] == list(range(169))
    assert grid.place_at(QPoint(1, 1)) is None
    assert grid.place_at(QPoint(grid.width() + 40, grid.height() // 2)) is None


def test_seat_and_place_are_chosen_by_keyboard(
    window: ConsoleWindow, engine: StandInEngine, panel: StrategyPanel
) -> None:
    assert [name for name, _ in panel.legend.rows] == ["Check", "Bet 100", "All-in 1\N{NARROW NO-BREAK SPACE}780"]
    QTest.keyClick(panel.seat, Qt.Key.Key_Down)
    assert (panel.seat.currentText(), panel.place.currentText()) == ("Seat 1", "Range now")
    assert panel.legend.rows == []
    QTest.keyClick(panel.place, Qt.Key.Key_Down)
    assert panel.place.currentText() == "After you: bet 100"
    assert dict(panel.legend.rows) == pytest.approx({"Fold": 0.5, "Call 100": 0.5})
    assert panel.legend.accessibleDescription() == "Fold 50.0%; Call 100 50.0%"
    show(window, engine, solver=a_view(known()))
    assert (panel.seat.currentText(), panel.place.currentText()) == ("Seat 1", "After you: bet 100")


def test_a_grid_of_an_earlier_spot_or_a_silent_engine_says_so(
    window: ConsoleWindow, engine: StandInEngine, panel: StrategyPanel, clock: VirtualClock
) -> None:
    assert panel.aggregate.text() == "Range: 13 pairs, 1% of all"
    show(window, engine, state=replace(RIVER, hand_id="next"))
    assert panel.aggregate.text() == "Earlier spot · 13 pairs, 1% of all"
    assert not panel.warning.isVisible()
    clock.sleep(STALE_AFTER_NS)
    window.model.tick()
    assert panel.warning.isVisible()
    assert panel.warning.text() == "Not current: the engine is silent"


def test_it_says_why_there_is_no_grid(window: ConsoleWindow, engine: StandInEngine, panel: StrategyPanel) -> None:
    bare = replace(known(source="baseline"), ranges=(), nodes=())
    for view, words in (
        (a_view(None, state=None), "No solve yet"),
        (a_view(None, running=True), "Solving: the strategy is shown when it is found"),
        (a_view(None), "No answer to the last spot"),
        (a_view(bare), "Baseline: this method gives no ranges to look at"),
    ):
        show(window, engine, solver=view)
        assert panel.empty.text() == words
        assert not panel.grid.isVisible()
        assert not panel.seat.isVisible()


def shades(colours: ActionColours) -> list[QColor]:
    roles = (("fold", 0.0), ("passive", 0.0), ("sized", 0.0), ("sized", 1.0), ("all-in", 0.0))
    return [colour_of(role, size, colours) for role, size in roles]


def linear(colour: QColor) -> np.ndarray:
    parts = np.array([colour.redF(), colour.greenF(), colour.blueF()])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(first: QColor, second: QColor) -> float:
    dark, light = sorted(float(linear(each) @ [0.2126, 0.7152, 0.0722]) for each in (first, second))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIELAB of linear sRGB (IEC 61966-2-1, D65)."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(np.clip(to_xyz @ rgb, 0, None) / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize(("colours", "theme"), [(LIGHT_ACTIONS, LIGHT), (DARK_ACTIONS, DARK)], ids=["light", "dark"])
def test_actions_stand_out_from_the_ground(colours: ActionColours, theme: Colours) -> None:
    for shade in (*shades(colours), QColor(colours.range)):
        assert min(contrast(shade, QColor(ground)) for ground in (theme.raised, theme.panel)) >= 3.0, shade.name()


@pytest.mark.parametrize("colours", [LIGHT_ACTIONS, DARK_ACTIONS], ids=["light", "dark"])
@pytest.mark.parametrize(
    "sight",
    [
        # Machado, Oliveira and Fernandes (2009), severity 1: none, protanopia, deuteranopia, tritanopia.
        np.eye(3),
        np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]),
        np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]),
        np.array([[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]]),
    ],
    ids=["full", "no red", "no green", "no blue"],
)
def test_actions_stay_apart_for_the_colour_blind(colours: ActionColours, sight: np.ndarray) -> None:
    seen = [lab(sight @ linear(shade)) for shade in shades(colours)]
    assert min(float(np.linalg.norm(a - b)) for a, b in combinations(seen, 2)) >= 15.0
