"""A session's journal against the table's log: all agrees after a sound session, and every planted fault is named."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pokerkit import HandHistory

from engine.clock import MILLISECOND, VirtualClock
from engine.evaluation.truth import TruthReport, compare, main
from engine.evaluation.truth_log import TruthLogError
from engine.records.journal import SqliteJournal
from engine.records.journal_reading import JournalRow, read
from engine.records.phh import export
from tests.evaluation.table_session import TableSession

ROOT = Path(__file__).resolve().parents[2]
Lines = list[dict[str, Any]]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> TableSession:
    played = TableSession(tmp_path_factory.mktemp("session"), seed=8, hands=8)
    played.play()
    return played


def with_truth(session: TableSession, directory: Path, change: Callable[[Lines], Lines]) -> TruthReport:
    """The report with another truth log."""
    lines = [json.loads(line) for line in session.truth.read_text().splitlines()]
    changed = directory / "changed.jsonl"
    changed.write_text("".join(json.dumps(line) + "\n" for line in change(lines)))
    return compare(session.journal, changed)


def with_journal(
    session: TableSession, directory: Path, change: Callable[[list[JournalRow]], list[JournalRow]]
) -> TruthReport:
    """The report with another journal, written anew so that its chain is sound."""
    clock = VirtualClock()
    journal = SqliteJournal(directory, "changed", clock)
    for row in change([row for row in read(session.journal) if row.kind not in ("opened", "sealed")]):
        clock.sleep(row.at - clock.now())
        journal.record(row.kind, row.data)
    assert journal.close()
    return compare(journal.path, session.truth)


def first(lines: Lines, kind: str, **fields: object) -> dict[str, Any]:
    return next(line for line in lines if line["kind"] == kind and fields.items() <= line.items())


def test_a_sound_session_agrees_in_everything(session: TableSession) -> None:
    report = compare(session.journal, session.truth)
    assert report.to_json()["mismatches"] == 0, report
    assert (report.read_share, report.chips_conserved) == (1.0, True)
    assert report.states_acted_on == report.presses_sent == report.presses_found == session.intents > 4
    assert report.observations == session.sequence
    assert report.stable > 20
    assert report.actions > 3
    assert report.hands == 8


@pytest.mark.parametrize("players", [2, 3, 4, 5, 6])
def test_every_session_agrees(tmp_path: Path, players: int) -> None:
    played = TableSession(tmp_path, seed=players, hands=6, players=players)
    played.play()
    report = compare(played.journal, played.truth)
    assert report.mismatches == 0, report
    assert report.read_share == 1.0


def test_the_session_s_hands_read_back_as_histories(session: TableSession, tmp_path: Path) -> None:
    completed = [row for row in read(session.journal, "hand") if row.data["hand"]["completed"]]
    written = export(session.journal, tmp_path)
    assert len(written) == len(completed) > 0
    for path in written:
        history = HandHistory.loads(path.read_text())
        *_, last = history
        assert len(last.stacks) == 4
        assert history.finishing_stacks is not None
        assert sum(history.finishing_stacks) == sum(history.starting_stacks)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("pot",), 12345, "pot: shown "),
        (("button",), 5, "button: shown "),
        (("turn",), 4, "turn: shown "),
        (("hole", 0), "2c", "hole.0: shown "),
        (("board", 4), "2c", "board.4: shown "),
        (("seats", 2, "stack"), 77, "seat.2.stack: shown "),
        (("seats", 2, "bet"), 77, "seat.2.bet: shown "),
        (("seats", 2, "status"), "out", "seat.2.status: shown "),
        (("controls", 0, "enabled"), None, ""),
        (("controls", 1, "amount"), 7, "control.call: shown "),
    ],
)
def test_an_element_read_wrong_is_named_and_an_unknown_one_is_not_wrong(
    session: TableSession, tmp_path: Path, path: tuple[str | int, ...], value: object, said: str
) -> None:
    def change(rows: list[JournalRow]) -> list[JournalRow]:
        row = next(row for row in rows if row.kind == "intent" and offers_call(row))
        seen = next(
            one for one in rows if one.kind == "observation" and one.data["observation"] == row.data["observation"]
        )
        node: Any = seen.data["observation"]
        for part in path:
            node = node[part]
        node["value"] = value
        return rows

    report = with_journal(session, tmp_path, change)
    assert len(report.observations_wrong) == bool(said)
    assert not said or said in report.observations_wrong[0]
    assert len(report.unread) == 1


def offers_call(row: JournalRow) -> bool:
    controls = row.data["observation"]["controls"]
    return any(control["kind"] == "call" and control["enabled"]["value"] for control in controls)


FOLD = {"seat": 2, "street": 0, "action": {"kind": "fold", "amount": 0}}


def changed_intent(change: Callable[[dict[str, Any]], None]) -> Callable[[list[JournalRow]], list[JournalRow]]:
    def apply(rows: list[JournalRow]) -> list[JournalRow]:
        change(next(row.data for row in rows if row.kind == "intent" and offers_call(row)))
        return rows

    return apply


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data["observation"]["pot"].update(value=None), "pot: shown"),
        (lambda data: data["observation"]["hole"][1].update(value="2c"), "hole.1: shown"),
        (lambda data: data["state"].update(pot=1), "state.pot: is"),
        (lambda data: data["state"].update(button=5), "state.button: is"),
        (lambda data: data["state"]["history"].append(FOLD), "state.history: is"),
        (lambda data: data["state"]["seats"][1].update(stack=1), "state.seats: is"),
        (lambda data: data["state"]["legal"].update(max_to=9), "state.legal: is"),
        (lambda data: data["observation"].update(captured_at=5), "the table showed nothing then"),
    ],
)
def test_acting_on_what_was_not_so_is_named(
    session: TableSession, tmp_path: Path, change: Callable[[dict[str, Any]], None], said: str
) -> None:
    report = with_journal(session, tmp_path, changed_intent(change))
    assert len(report.states_wrong) == 1
    assert said in report.states_wrong[0]


def test_a_press_that_the_table_did_not_receive_is_missing(session: TableSession, tmp_path: Path) -> None:
    def lose(lines: Lines) -> Lines:
        lines.remove(first(lines, "press", button="left"))
        return lines

    report = with_truth(session, tmp_path, lose)
    assert len(report.presses_missing) == 1
    assert "pressed, not in the table's log" in report.presses_missing[0]
    assert report.presses_found == report.presses_sent - 1


def test_a_lost_digit_of_an_amount_is_named(session: TableSession, tmp_path: Path) -> None:
    def lose(lines: Lines) -> Lines:
        lines.remove(next(line for line in lines if line.get("key", "").isdigit()))
        return lines

    report = with_truth(session, tmp_path, lose)
    assert len(report.presses_missing) == 1
    assert "the table received" in report.presses_missing[0]


@pytest.mark.parametrize("button", ["left", "right", "key"])
def test_a_press_that_we_did_not_send_is_foreign(session: TableSession, tmp_path: Path, button: str) -> None:
    def add(lines: Lines) -> Lines:
        press = first(lines, "press", button="left")
        foreign = press | {"t": press["t"] + 150 * MILLISECOND, "button": button, "key": "F", "screen_x": 3}
        return [*lines, foreign]

    report = with_truth(session, tmp_path, add)
    assert len(report.presses_foreign) == report.mismatches == 1
    assert "not sent by us" in report.presses_foreign[0]


def test_a_press_on_the_wrong_or_a_dead_control_is_illegal(session: TableSession, tmp_path: Path) -> None:
    def change(**fields: object) -> Callable[[Lines], Lines]:
        def apply(lines: Lines) -> Lines:
            first(lines, "press", button="left").update(fields)
            return lines

        return apply

    assert "landed on ''" in with_truth(session, tmp_path, change(control="")).illegal[0]
    assert "not your turn" in with_truth(session, tmp_path, change(used=False, reason="not your turn")).illegal[0]


def test_deciding_what_the_rules_forbid_is_illegal(session: TableSession, tmp_path: Path) -> None:
    def forbid(data: dict[str, Any]) -> None:
        data["decision"]["action"] = {"kind": "check", "amount": 0}

    report = with_journal(session, tmp_path, changed_intent(forbid))
    assert "there is a bet to call" in report.illegal[0]


def test_an_action_other_than_the_one_decided_on_is_named(session: TableSession, tmp_path: Path) -> None:
    def change(lines: Lines) -> Lines:
        first(lines, "action", by="hero").update(action="fold", amount=0)
        return lines

    report = with_truth(session, tmp_path, change)
    assert "the table took fold" in report.actions_wrong[0]
    assert "actions: made" in report.hands_wrong[0]


def test_an_action_by_no_press_of_ours_is_named(session: TableSession, tmp_path: Path) -> None:
    def add(lines: Lines) -> Lines:
        action = first(lines, "action", by="hero")
        return [*lines, action | {"hand_number": 99}]

    assert "not by a press of ours" in with_truth(session, tmp_path, add).actions_wrong[0]


def test_chips_that_appear_are_named_and_bought_ones_are_not(session: TableSession, tmp_path: Path) -> None:
    def add(lines: Lines) -> Lines:
        for line in lines:
            if line["kind"] == "hand-end" and line["hand_number"] >= 3:
                line["chips_total"] += 500
        return lines

    def buy(lines: Lines) -> Lines:
        return [*add(lines), {"kind": "rebuy", "t": 1, "hand_number": 2, "seat": 2, "amount": 500}]

    report = with_truth(session, tmp_path, add)
    assert len(report.chips_wrong) == 1
    assert not report.chips_conserved
    assert with_truth(session, tmp_path, buy).chips_wrong == ()


def test_reading_nothing_is_not_being_right(session: TableSession, tmp_path: Path) -> None:
    def forget(rows: list[JournalRow]) -> list[JournalRow]:
        seen = [row for row in rows if row.kind == "observation"]
        return [row for row in rows if row not in seen[1:-1]]

    report = with_journal(session, tmp_path, forget)
    assert report.mismatches == 0
    assert report.read_share is not None
    assert report.read_share < 0.2
    assert "picture 2 of hand 1" in report.unread[0]


@pytest.mark.parametrize("change", [{"animating": True}, {"disturbed": "noise"}])
def test_animated_and_disturbed_pictures_need_not_be_read(
    session: TableSession, tmp_path: Path, change: dict[str, object]
) -> None:
    def disturb(lines: Lines) -> Lines:
        return [line | change if line["kind"] == "state" else line for line in lines]

    report = with_truth(session, tmp_path, disturb)
    assert (report.stable, report.read_share, report.mismatches) == (0, None, 0)


def test_a_picture_shown_in_two_lines_is_one_picture(session: TableSession, tmp_path: Path) -> None:
    def split(lines: Lines) -> Lines:
        doubled: Lines = []
        for line in lines:
            doubled.append(line | {"animating": True} if line["kind"] == "state" else line)
            if line["kind"] == "state":
                doubled.append(line | {"t": line["t"] + 120 * MILLISECOND})
        return sorted(doubled, key=lambda line: int(line["t"]))

    report = with_truth(session, tmp_path, split)
    assert (report.mismatches, report.read_share) == (0, 1.0)
    assert report.stable == compare(session.journal, session.truth).stable


def test_a_changed_journal_is_no_evidence(session: TableSession, tmp_path: Path) -> None:
    content = session.journal.read_bytes()
    changed = tmp_path / "s.sqlite"
    changed.write_bytes(content.replace(b'"verified"', b'"VERIFIED"').replace(b'"text":"done"', b'"text":"gone"'))
    assert "changed after it was written" in compare(changed, session.truth).journal_wrong[0]


def test_a_log_cut_off_in_its_last_line_is_read_and_any_other_damage_is_refused(
    session: TableSession, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.jsonl"
    cut.write_text(session.truth.read_text() + '{"kind": "sta')
    assert compare(session.journal, cut).mismatches == 0
    cut.write_text('{"kind": "state"}\n')
    with pytest.raises(TruthLogError, match="no ground-truth log"):
        compare(session.journal, cut)


def test_the_command_prints_json_and_its_exit_code_says_whether_all_agrees(
    session: TableSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-m", "engine.evaluation.truth", str(session.journal), str(session.truth)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["mismatches"] == 0
    other = tmp_path / "none.jsonl"
    assert main([str(session.journal), str(other)]) == 2
    assert "none.jsonl" in capsys.readouterr().err
    other.write_text("")
    assert main([str(session.journal), str(other)]) == 1
    assert json.loads(capsys.readouterr().out)["mismatches"] > 0
