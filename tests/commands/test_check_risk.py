"""`pitboss check --risk`: where risk state and journals differ, and how the state is mended without losing the old."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import apsw
import pytest

from app.__main__ import main
from engine.config import load as load_config
from engine.game.actions import Action, ActionKind
from engine.records.encoding import encode
from engine.records.journal import BEGINNING, SETTINGS, SqliteJournal
from engine.records.rows import HandRow
from engine.risk.guard import RiskGuard
from engine.risk.reconstruct import opening
from engine.risk.state import RiskStateError
from engine.risk.store import load, marker, save
from engine.safety.instance import InstanceLock
from engine.session.risk_history import catch_up
from engine.session.wiring import risk_guard
from tests.risk.spots import state

Captured = pytest.CaptureFixture[str]
RISK = ["check", "--risk"]
STEPS = (*SETTINGS, "BEGIN IMMEDIATE", *BEGINNING)
"""The steps of making a journal, up to the commit that stores its beginning and its opening row together."""


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PITBOSS_HOME", str(tmp_path))
    return tmp_path / "dev"


class Play:
    """A session as the program plays it: opens the state, catches up, journals, books."""

    def __init__(self, directory: Path, name: str) -> None:
        self.name, self.number = name, 0
        self.risk: RiskGuard = risk_guard(load_config(None, "dev"), directory)
        catch_up(self.risk, directory / "journals")
        self.risk.begin_session(name)
        self.journal = SqliteJournal(directory / "journals", name)
        self.journal.record("start", {"config": "x", "risk": opening(self.risk.state)})

    def hand(self, result: int, *, booked: bool = True) -> None:
        self.number += 1
        hand_id = f"{self.name}-{self.number}"
        ends = {0: 1000 + result, 1: 1000 - result}
        row = HandRow(hand_id, self.number, 0, 0, 10, 20, {0: 1000, 1: 1000}, ends, (), (), {}, (), True)
        self.journal.record("hand", {"hand": row})
        if booked:
            self.risk.hand_over(hand_id, result)

    def intent(self, contributed: int, added: int) -> None:
        spot, action = state(contributed, hand_id=f"{self.name}-{self.number + 1}"), Action(ActionKind.CALL, added)
        assert self.risk.check(spot, action).allowed
        assert self.journal.commit("intent", {"state": spot, "decision": {"action": encode(action)}}, 10**10)

    def end(self) -> None:
        assert self.journal.close()


def played(directory: Path, *results: int, name: str = "s1") -> None:
    session = Play(directory, name)
    for result in results:
        session.hand(result)
    session.end()


def report(capsys: Captured, *options: str) -> tuple[int, dict[str, Any]]:
    code = main([*RISK, "--json", *options])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, found


def test_a_new_profile_agrees(directory: Path, capsys: Captured) -> None:
    assert main(RISK) == 0
    assert "agree" in capsys.readouterr().out


def test_the_figures_of_several_sessions_agree(directory: Path, capsys: Captured) -> None:
    played(directory, -100, 40, name="s1")
    played(directory, -5, name="s2")
    code, found = report(capsys)
    figures = {
        "session_id": "s2",
        "session_result": -5,
        "hands": 1,
        "total_result": -65,
        "bankroll": 99_935,
        "at_risk": 0,
    }
    assert (code, found["equal"], found["repaired"], found["problem"]) == (0, True, False, "")
    assert found["state"] == found["journals"] == figures
    assert found["journals_read"] == ["s2"]
    assert main(RISK) == 0
    told = capsys.readouterr().out
    for words in ("result over all sessions, chips", "-65", "99935", "agree"):
        assert words in told


def test_a_difference_is_told_figure_by_figure_and_mended_only_on_request(directory: Path, capsys: Captured) -> None:
    played(directory, -100, 40)
    path = directory / "risk.json"
    kept = load(path)
    assert kept is not None
    save(path, replace(kept, session_result=500, total_result=500))
    wrong = path.read_bytes()
    assert main(RISK) == 1
    told = capsys.readouterr().out
    assert [line.split()[-1] for line in told.splitlines()[1:7]].count("differs") == 2
    assert "pitboss check --risk --repair" in told
    assert path.read_bytes() == wrong
    code, found = report(capsys, "--repair")
    assert (code, found["equal"], found["repaired"]) == (0, False, True)
    assert Path(found["kept"]).read_bytes() == wrong
    mended = load(path)
    assert mended is not None
    assert (mended.session_result, mended.total_result, mended.hands, mended.booked) == (-60, -60, 2, kept.booked)
    assert report(capsys)[0] == 0


def damaged(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


@pytest.mark.parametrize("spoil", [damaged, Path.unlink])
def test_a_state_that_cannot_be_trusted_is_made_again(
    directory: Path, capsys: Captured, spoil: Callable[[Path], None]
) -> None:
    played(directory, -100, 40)
    path = directory / "risk.json"
    spoil(path)
    left = path.read_bytes() if path.exists() else None
    with pytest.raises(RiskStateError, match="pitboss check --risk"):
        risk_guard(load_config(None, "dev"), directory)
    assert main(RISK) == 1
    assert "NOT OK the risk state" in capsys.readouterr().out
    code, found = report(capsys, "--repair")
    assert (code, found["state"], found["repaired"]) == (0, None, True)
    assert (Path(found["kept"]).read_bytes() if found["kept"] else None) == left
    risk = risk_guard(load_config(None, "dev"), directory)
    assert (risk.status(None).session_result, risk.status(None).hands) == (-60, 2)


def test_a_hand_that_was_journaled_and_not_booked_differs_until_the_next_start(
    directory: Path, capsys: Captured
) -> None:
    """The program ended between the journal's row and the booking."""
    session = Play(directory, "s1")
    session.hand(-100)
    session.hand(-250, booked=False)
    session.end()
    code, found = report(capsys)
    assert (code, found["state"]["hands"], found["journals"]["hands"]) == (1, 1, 2)
    played(directory, 10, name="s2")
    code, found = report(capsys)
    assert (code, found["state"]["total_result"]) == (0, -340)


def test_a_hand_left_open_by_a_crash_is_lost_at_the_next_start(directory: Path, capsys: Captured) -> None:
    session = Play(directory, "s1")
    session.hand(-100)
    session.intent(100, 60)
    session.end()
    code, found = report(capsys)
    assert (code, found["state"]["at_risk"], found["journals"]["at_risk"]) == (0, 0, 160)
    assert main(RISK) == 0
    assert "the hand left open counts as lost" in capsys.readouterr().out
    played(directory, 10, name="s2")
    code, found = report(capsys)
    assert (code, found["state"]["total_result"], found["journals"]["total_result"]) == (0, -250, -250)


def test_mending_keeps_what_is_at_risk(directory: Path, capsys: Captured) -> None:
    session = Play(directory, "s1")
    session.hand(-100)
    session.intent(100, 60)
    session.end()
    damaged(directory / "risk.json")
    assert main([*RISK, "--repair"]) == 0
    mended = load(directory / "risk.json")
    assert mended is not None
    assert mended.open_hand is not None
    assert mended.open_hand.chips == 160


def test_a_journal_that_cannot_be_read_is_named_and_nothing_is_mended(directory: Path, capsys: Captured) -> None:
    played(directory, -100)
    (directory / "journals" / "s1.sqlite").write_bytes(b"no journal at all" * 100)
    damaged(directory / "risk.json")
    before = (directory / "risk.json").read_bytes()
    assert main([*RISK, "--repair"]) == 1
    said = capsys.readouterr().err
    assert "s1.sqlite" in said
    assert "Take s1.sqlite from a backup" in said
    assert (directory / "risk.json").read_bytes() == before


@pytest.mark.parametrize("done", range(len(STEPS) + 1))
def test_a_journal_of_a_start_that_was_killed_is_no_hindrance(directory: Path, capsys: Captured, done: int) -> None:
    """The files as they are after each step of making a journal, with its program gone."""
    played(directory, -100)
    made = directory / "made.sqlite"
    with closing(apsw.Connection(str(made))) as connection:
        for step in STEPS[:done]:
            connection.execute(step).fetchall()
        for suffix in ("", "-wal"):
            left = made.with_name(made.name + suffix)
            if left.exists():
                (directory / "journals" / f"s2.sqlite{suffix}").write_bytes(left.read_bytes())
    assert report(capsys)[0] == 0
    assert catch_up(risk_guard(load_config(None, "dev"), directory), directory / "journals") == 0


def test_a_session_that_ended_before_its_journal_said_anything_agrees(directory: Path, capsys: Captured) -> None:
    session = Play(directory, "s1")
    session.hand(-100)
    session.intent(100, 60)
    session.end()
    risk = risk_guard(load_config(None, "dev"), directory)
    catch_up(risk, directory / "journals")
    risk.begin_session("s2")
    code, found = report(capsys)
    assert (code, found["state"]["session_id"], found["state"]["total_result"]) == (0, "s2", -260)
    played(directory, -5, name="s3")
    code, found = report(capsys)
    assert (code, found["state"]["total_result"]) == (0, -265)


def test_nothing_is_compared_while_the_program_runs(directory: Path, capsys: Captured) -> None:
    played(directory, -100)
    with InstanceLock(directory):
        assert main([*RISK, "--repair"]) == 1
    assert "Close it first" in capsys.readouterr().err


def test_a_state_of_before_this_bookkeeping_does_not_book_its_hands_again(directory: Path) -> None:
    """A journal without the figures it began with was counted by the first version of the state."""
    journal = SqliteJournal(directory / "journals", "s0")
    row = HandRow("s0-1", 1, 0, 0, 10, 20, {0: 100, 1: 100}, {0: 50, 1: 150}, (), (), {}, (), True)
    journal.record("hand", {"hand": row})
    journal.close()
    risk = risk_guard(load_config(None, "dev"), directory)
    assert catch_up(risk, directory / "journals") == 0
    assert risk.status(None).hands == 0


def test_without_a_screen_the_other_checks_say_so(
    directory: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    assert main(["check"]) == 1
    assert "start from a desktop session" in capsys.readouterr().err


def test_repair_belongs_to_risk(directory: Path, capsys: Captured) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["check", "--repair"])
    assert "--repair belongs to --risk" in capsys.readouterr().err


def test_a_repaired_count_is_missed_when_it_goes(directory: Path, capsys: Captured) -> None:
    played(directory, -100)
    marker(directory / "risk.json").unlink()
    damaged(directory / "risk.json")
    assert main([*RISK, "--repair"]) == 0
    (directory / "risk.json").unlink()
    with pytest.raises(RiskStateError, match="missing"):
        risk_guard(load_config(None, "dev"), directory)
