"""`pitboss drill`: what it says, where it keeps what it found, and when a certificate comes and goes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app import __version__
from app.commands import drill as command
from app.commands.drill import main
from engine.clock import utc_now
from engine.config import load
from engine.drills.catalogue import CATALOGUE
from engine.drills.drill import Bench, Drill
from engine.records.journal_reading import read, verify
from engine.safety.certificates import certificate_status, machine_id
from tests.drills_virtual.conftest import small_drill


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PITBOSS_HOME", str(tmp_path))
    return tmp_path / "dev"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Drill:
    """A catalogue of one quick drill under the name of a mandatory one."""
    made = small_drill()
    quick = Drill("recovery", made.title, made.purpose, made.criteria, made.sabotage, made.needs_screen, made.run)
    monkeypatch.setattr(command, "CATALOGUE", {quick.name: quick})
    return quick


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def current(home: Path, drill: str = "recovery") -> bool:
    found = certificate_status(home / "drills", load(None, "dev"), machine_id(), __version__, utc_now())
    return next(status.current for status in found if status.drill == drill)


def test_the_list_names_every_drill(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in told] == list(CATALOGUE)
    assert all({"title", "purpose", "needs_screen", "criteria"} <= set(one) for one in told)
    assert main(["--list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(CATALOGUE)


@pytest.mark.parametrize("words", [[], ["nonsense"], ["recovery", "--all"]])
def test_wrong_words_are_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert "drill" in capsys.readouterr().err


def test_events_tell_the_panel_what_happens(home: Path, small: Drill, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recovery", "--events"]) == 0
    told = lines(capsys)
    assert [one["event"] for one in told] == ["started", "step", "step", "finished"]
    assert told[0]["criteria"] == [criterion.text for criterion in small.criteria]
    assert told[2] == {"event": "step", "text": "writing", "done": 0.5}
    assert told[3]["passed"] is True
    assert Path(told[3]["html"]).is_file()
    assert Path(told[3]["junit"]).is_file()
    assert told[3]["report"]["drill"] == "recovery"


def test_a_green_run_certifies_and_is_kept_in_a_journal(
    home: Path, small: Drill, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not current(home)
    assert main(["recovery", "--json"]) == 0
    report = Path(json.loads(capsys.readouterr().out)["json"])
    assert current(home)
    journal = report.with_name("journal.sqlite")
    assert verify(journal) == []
    assert next(read(journal, "drill")).data["report"]["passed"] is True


def test_a_failed_run_takes_the_certificate_back(home: Path, monkeypatch: pytest.MonkeyPatch, small: Drill) -> None:
    assert main(["recovery"]) == 0

    def fail(bench: Bench) -> None:
        bench.judge("whole", False, "broken")

    broken = Drill("recovery", small.title, small.purpose, small.criteria, small.sabotage, False, fail)
    monkeypatch.setattr(command, "CATALOGUE", {"recovery": broken})
    assert main(["recovery"]) == 1
    assert not current(home)


def test_a_certificate_that_cannot_be_taken_back_is_said_to_stand(
    home: Path, monkeypatch: pytest.MonkeyPatch, small: Drill, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["recovery"]) == 0
    (home / "drills" / "certificates.json.new").mkdir()
    broken = Drill("recovery", small.title, small.purpose, small.criteria, small.sabotage, False, lambda bench: None)
    monkeypatch.setattr(command, "CATALOGUE", {"recovery": broken})
    assert main(["recovery"]) == 1
    assert "it still stands" in capsys.readouterr().err
    assert current(home)


def test_a_sabotaged_run_neither_makes_nor_takes_a_certificate(home: Path, small: Drill) -> None:
    assert main(["recovery", "--sabotage"]) == 0
    assert not current(home)
    assert main(["recovery"]) == 0
    assert main(["recovery", "--sabotage"]) == 0
    assert current(home)


def test_all_runs_every_drill_and_writes_the_figures(
    home: Path, small: Drill, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = tmp_path / "figures.json"
    assert main(["--all", "--figures", str(figures)]) == 0
    told = json.loads(figures.read_text(encoding="utf-8"))
    assert list(told) == ["recovery"]
    assert told["recovery"]["figures"] == [{"name": "size", "value": 3.0, "unit": "bytes"}]
    assert "Replaced file: PASSED" in capsys.readouterr().out


def test_two_drills_at_once_are_refused(home: Path, small: Drill, capsys: pytest.CaptureFixture[str]) -> None:
    with command._one_at_a_time(home / "drills"):
        assert main(["recovery"]) == 1
    assert "another drill of this profile is running" in capsys.readouterr().err


def test_the_operators_state_is_not_touched(home: Path) -> None:
    """A real drill, which stops, crashes and resets: the profile gets its report and nothing else."""
    assert main(["recovery", "--json"]) == 0
    assert [entry.name for entry in home.iterdir()] == ["drills"]


def test_a_drill_that_is_ended_ends_in_order(tmp_path: Path) -> None:
    environment = os.environ | {"PITBOSS_HOME": str(tmp_path)}
    child = subprocess.Popen(
        [sys.executable, "-m", "app", "drill", "component-restart", "--events"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    for line in child.stdout:
        if json.loads(line)["event"] == "step":
            break
    child.send_signal(signal.SIGTERM)
    _, said = child.communicate(timeout=60)
    assert child.returncode == 130, said
    assert "cancelled" in said
    assert not (tmp_path / "dev" / "drills" / "certificates.json").exists()
