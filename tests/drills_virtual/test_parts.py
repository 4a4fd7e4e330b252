"""Parts of the drills: the validation of a stopped session, the product's configuration, the log's guard."""

from pathlib import Path

import pytest

from app.desk.virtual_screen import virtual_screen
from engine.config import load
from engine.drills.game_process import PROFILE, Game, GameError, drill_files
from engine.drills.simulation.world import World
from engine.drills.stopped_session import validate
from engine.records.journal import SqliteJournal
from engine.records.journal_reading import read


@pytest.fixture
def played(tmp_path: Path) -> tuple[Path, str]:
    """A journal on the disk of some hands, and its session."""
    made = World(tmp_path / "world", seed=3, disk="real")
    made.run(3.0)
    made.arm()
    made.run(120.0)
    made.close()
    return tmp_path / "world" / "journals" / f"{made.session_id}.sqlite", made.session_id


def rewritten(journal: Path, directory: Path, **changes: object) -> Path:
    """A journal whose chain is sound and whose first seeded decision says something else."""
    copy = SqliteJournal(directory, "copy")
    changed = False
    for row in read(journal):
        data = row.data
        if row.kind == "decision" and not changed and data["decision"]["distribution"]:
            data = data | {"decision": data["decision"] | changes}
            changed = True
        if row.kind not in ("opened", "sealed"):
            copy.record(row.kind, data)
    assert changed
    assert copy.close()
    return copy.path


def test_the_decisions_of_a_sound_session_repeat(played: tuple[Path, str]) -> None:
    found = validate(*played)
    assert found.problems == ()
    assert found.decisions > 5


def test_a_decision_that_its_seed_does_not_lead_to_is_found(played: tuple[Path, str], tmp_path: Path) -> None:
    journal, session = played
    first = next(
        row.data["decision"] for row in read(journal, "decision") if len(row.data["decision"]["distribution"]) > 1
    )
    another = next(
        value["action"] for value in first["distribution"] if value["action"] != first["action"] and value["frequency"]
    )
    found = validate(rewritten(journal, tmp_path, action=another), session)
    assert len(found.problems) == 1
    assert "seed leads to" in found.problems[0] or "not" in found.problems[0]


def test_a_seed_of_another_hand_is_found(played: tuple[Path, str], tmp_path: Path) -> None:
    journal, session = played
    found = validate(rewritten(journal, tmp_path, seed=1), session)
    assert [problem.partition(": ")[2] for problem in found.problems] == ["its seed is not the hand's"]


def test_an_illegal_action_is_found(played: tuple[Path, str], tmp_path: Path) -> None:
    journal, session = played
    found = validate(rewritten(journal, tmp_path, action={"kind": "raise", "amount": 10**9}), session)
    assert len(found.problems) == 1


def test_a_changed_row_breaks_the_chain(played: tuple[Path, str]) -> None:
    journal, session = played
    content = journal.read_bytes()
    assert content.count(b'"baseline"') > 0
    journal.write_bytes(content.replace(b'"baseline"', b'"baselone"', 1))
    assert any("changed after it was written" in problem for problem in validate(journal, session).problems)


def test_the_product_gets_the_operators_configuration_with_the_drills_changes(tmp_path: Path) -> None:
    config = load(None, "prod")
    file = drill_files(config, tmp_path / "config", {"vision": {"hold_limit_s": 1.0}})
    made = load(file, PROFILE)
    assert made.vision.hold_limit_s == 1.0
    assert made.risk == config.risk
    assert made.drills == config.drills
    assert not made.calendar.enabled


@pytest.mark.xvfb
def test_the_tables_log_is_not_read_while_anything_plays(tmp_path: Path) -> None:
    file = drill_files(load(None, "dev"), tmp_path / "config", {})
    with virtual_screen(1600, 900), Game(tmp_path / "home", file, 5) as game:
        game.await_hands(1)
        with pytest.raises(GameError, match="after the game's end"):
            game.presses()
        game.interrupt()
        game.await_end()
        assert game.left_running() == []
        assert game.presses()
