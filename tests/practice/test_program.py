"""The practice table as a real process on a virtual screen: seen, clicked and typed at like any window."""

import hashlib
import time
from pathlib import Path

import psutil
import pytest
from Xlib import XK

from app.practice.geometry import boxes, placement
from app.practice.program import main
from tests.practice.conftest import LIMIT_S, Screen, StartTable, Table, eventually

pytestmark = pytest.mark.xvfb
QUICK = ("--pace", "0", "--players", "2", "--seed", "3")
UNHURRIED = ("--turn-seconds", "300")
"""The table must not act for a test that a busy machine slows down."""


def at_my_turn(start_table: StartTable, *options: str) -> Table:
    table = start_table(*QUICK, *UNHURRIED, *options)
    table.my_turn()
    return table


def test_the_window_says_what_it_is_and_stands_where_it_was_put(start_table: StartTable, screen: Screen) -> None:
    table = start_table("--width", "1000", "--height", "640")
    assert table.ready == {"ready": True, "pid": table.process.pid, "title": "Pitboss Practice Table"}
    window = screen.window("Pitboss Practice Table")
    assert window.get_wm_class() == ("pitboss-table", "pitboss-table")
    assert table.geometry() == (100, 80, 1000, 640)


def test_end_of_file_ends_it_in_order(start_table: StartTable) -> None:
    table = start_table()
    assert table.close() == 0
    assert table.lines("end")


def test_it_has_no_network_connection(start_table: StartTable) -> None:
    table = at_my_turn(start_table)
    assert psutil.Process(table.process.pid).net_connections("inet") == []


def test_a_click_on_fold_folds_and_is_logged_as_used(start_table: StartTable) -> None:
    table = at_my_turn(start_table)
    table.click("control.fold")
    line = table.wait_for("press", lambda line: line["control"] == "fold", "the press on fold")
    assert (line["used"], line["reason"], line["button"]) == (True, "", "left")
    assert (line["screen_x"], line["screen_y"]) == table.spot("control.fold")
    assert (line["x"], line["y"]) == (line["screen_x"] - table.x, line["screen_y"] - table.y)
    action = table.wait_for("action", lambda line: line["seat"] == 0, "the hero's fold")
    assert (action["action"], action["by"]) == ("fold", "hero")
    shown = table.wait_for("state", lambda line: line["seats"][0]["status"] == "folded", "the fold on the screen")
    assert shown["t"] >= line["t"]


def test_a_click_beside_the_controls_is_logged_as_unused(start_table: StartTable) -> None:
    table = at_my_turn(start_table)
    table.click("board.2")
    line = table.wait_for("press", lambda line: line["control"] == "", "the press beside")
    assert (line["used"], line["reason"]) == (False, "no control there")
    assert not [action for action in table.lines("action") if action["seat"] == 0]


def test_a_press_off_turn_is_logged_as_unused(start_table: StartTable) -> None:
    table = start_table("--pace", "3", "--players", "2")
    table.click("control.call")
    line = table.wait_for("press", lambda line: True, "the press")
    assert (line["control"], line["used"], line["reason"]) == ("check", False, "it is not the hero's turn")


def test_an_amount_is_clicked_typed_and_confirmed(start_table: StartTable) -> None:
    table = at_my_turn(start_table)
    table.click("control.amount")
    for digit in "140":
        table.screen.key(ord(digit))
    shown = table.wait_for("state", lambda line: line["controls"][4]["amount"] == 140, "the amount")
    assert shown["controls"][2] == {"kind": "raise", "enabled": True, "amount": 140}
    table.click("control.raise")
    action = table.wait_for("action", lambda line: line["seat"] == 0, "the raise")
    assert (action["action"], action["amount"], action["by"]) == ("raise", 140, "hero"), table.lines("press")


def test_an_amount_out_of_bounds_is_shown_and_cannot_be_confirmed(start_table: StartTable) -> None:
    table = at_my_turn(start_table)
    for key in (ord("9"), ord("9"), ord("9"), ord("9"), XK.XK_Return):
        table.screen.key(key)
    line = table.wait_for("press", lambda line: line.get("key") == "Return", "the Enter key")
    assert (line["control"], line["used"], line["reason"]) == ("raise", False, "the control is disabled")
    last = table.my_turn()
    assert last["controls"][4]["amount"] == 9999
    assert last["controls"][2] == {"kind": "raise", "enabled": False, "amount": 0}


def test_keys_act_like_the_buttons(start_table: StartTable) -> None:
    table = at_my_turn(start_table)
    table.screen.key(ord("c"))
    line = table.wait_for("press", lambda line: line["button"] == "key", "the key")
    assert (line["key"], line["used"]) == ("C", True)
    table.wait_for("action", lambda action: action["seat"] == 0 and action["by"] == "hero", "the call")


def test_a_press_begun_on_one_button_and_ended_on_another_does_nothing(start_table: StartTable) -> None:

    table = at_my_turn(start_table)
    table.point("control.fold")
    table.screen.press()
    table.point("control.all-in")
    table.screen.release()
    line = table.wait_for("release", lambda line: True, "the release")
    assert not line["used"]
    assert not [action for action in table.lines("action") if action["seat"] == 0]


def test_when_time_is_up_the_table_folds_unless_it_is_held(start_table: StartTable) -> None:
    table = start_table(*QUICK, "--turn-seconds", "1")
    table.tell(cmd="hold", on=True)
    table.tell(cmd="nonsense")
    assert "write {" in table.answer()["error"]
    table.tell(cmd="hold", on=False)
    action = table.wait_for("action", lambda line: line["seat"] == 0, "the table acts for the hero")
    assert (action["action"], action["by"]) == ("fold", "table")


def test_held_the_turn_stays_open_and_the_picture_still_changes(start_table: StartTable) -> None:
    table = at_my_turn(start_table, "--turn-seconds", "1")
    table.tell(cmd="hold", on=True)
    before = len(table.lines("action"))
    pictures = watch(table, seconds=2.5)
    assert len(table.lines("action")) == before
    assert len(pictures) >= 10


def watch(table: Table, seconds: float) -> set[bytes]:
    """The different pictures of the client area over a time."""
    end = time.monotonic() + seconds
    seen = set()
    while time.monotonic() < end:
        seen.add(hashlib.blake2b(table.screen.pixels(table.x, table.y, table.width, table.height)).digest())
        time.sleep(0.03)
    return seen


def test_it_stops_dealing_after_the_hands_asked_for_and_stays_alive_to_the_eye(start_table: StartTable) -> None:
    table = start_table("--pace", "0", "--players", "3", "--hands", "1", "--turn-seconds", "1")
    end = table.wait_for("hand-end", lambda line: line["hand_number"] == 1, "the end of the only hand")
    assert end["chips_total"] == 3 * 2000
    table.wait_for("state", lambda line: line["waiting"] == "done", "the table at rest")
    assert len(watch(table, seconds=1.0)) >= 4
    assert table.lines("hand-end")[-1] == end


def test_it_follows_resize_move_theme_minimise_and_restore(start_table: StartTable) -> None:
    table = at_my_turn(start_table)
    table.tell(cmd="resize", width=1280, height=800)
    table.tell(cmd="move", x=200, y=120)
    eventually(lambda: table.geometry() == (200, 120, 1280, 800), "the new place and size")
    table.x, table.y, table.width, table.height = table.geometry()
    before = table.screen.pixels(table.x, table.y, 100, 100)
    table.tell(cmd="theme", name="slate")
    eventually(lambda: table.screen.pixels(table.x, table.y, 100, 100) != before, "the other theme")
    window = table.screen.window(table.ready["title"])
    table.tell(cmd="minimise")
    eventually(lambda: window.get_wm_state().state == 3, "the minimised window")
    table.tell(cmd="restore")
    eventually(lambda: window.get_wm_state().state == 1, "the window back")
    table.click("control.fold")
    assert table.wait_for("press", lambda line: line["control"] == "fold", "a press at the new size")["used"]


@pytest.mark.parametrize("what", ["noise", "live-noise", "blur", "blank-pot", "scramble-cards"])
def test_a_disturbance_is_on_the_screen_when_the_log_says_so(start_table: StartTable, what: str) -> None:
    table = at_my_turn(start_table, "--turn-seconds", "60")
    area = placement(table.width, table.height).to_pixels(boxes()["hole.0" if what != "blank-pot" else "pot"])
    spot = (int(table.x + area.x), int(table.y + area.y), int(area.width), int(area.height))
    clean = table.screen.pixels(*spot)
    table.tell(cmd="disturb", what=what)
    line = table.wait_for("disturb", lambda line: line["what"] == what, "the disturbance")
    assert table.screen.pixels(*spot) != clean
    assert any(state["disturbed"] == what and state["t"] == line["t"] for state in table.lines("state"))
    table.tell(cmd="disturb", what="none")
    eventually(lambda: table.screen.pixels(*spot) == clean, "the clean picture")


def test_frozen_nothing_is_painted_any_more_and_presses_still_count(start_table: StartTable) -> None:
    table = at_my_turn(start_table)
    table.tell(cmd="disturb", what="freeze")
    table.wait_for("disturb", lambda line: line["what"] == "freeze", "the freeze")
    states = len(table.lines("state"))
    assert len(watch(table, seconds=0.6)) == 1
    table.click("control.call")
    table.wait_for("action", lambda line: line["seat"] == 0 and line["by"] == "hero", "the call")
    assert len(watch(table, seconds=0.6)) == 1
    assert len(table.lines("state")) == states
    table.tell(cmd="disturb", what="none")
    table.wait_for("state", lambda line: line["seq"] > states, "painting again")


def test_a_control_line_that_is_wrong_is_answered_and_changes_nothing(start_table: StartTable) -> None:
    table = start_table()
    for line, said in (
        ({"cmd": "disturb", "what": "fire"}, '"what" must be one of'),
        ({"cmd": "resize", "width": "wide", "height": 3}, '"width" must be a whole number'),
        ({"cmd": "hold", "on": 1}, '"on" must be true or false'),
        ({"order": "quit"}, "write {"),
    ):
        table.tell(**line)
        assert said in table.answer()["error"]
    assert table.process.poll() is None


def test_quit_ends_it(start_table: StartTable) -> None:
    table = start_table()
    table.tell(cmd="quit")
    assert table.process.wait(LIMIT_S) == 0


def test_a_truth_file_that_cannot_be_written_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--truth", str(tmp_path / "missing" / "truth.jsonl")]) == 2
    assert "name a file in a folder that exists" in capsys.readouterr().err


def test_without_a_display_it_says_what_to_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert main([]) == 2
    assert "set DISPLAY" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options", [["--players", "7"], ["--pace", "-1"], ["--stack", "0"], ["--hands", "-2"], ["--turn-seconds", "0"]]
)
def test_an_option_out_of_bounds_is_refused(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(options)
    assert options[0] in capsys.readouterr().err
