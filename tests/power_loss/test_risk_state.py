"""The risk state after a power failure: the figures as they were or as they are to be, and once saved they stay."""

import json
import sys
from pathlib import Path

import pytest

from engine.durable import replace_file
from engine.risk.state import RiskState, RiskStateError
from engine.risk.store import Storage, open_state, save
from tests.power_loss.trial import Act, Trial, Write, in_place, problems, without_syncing_the_directory

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows opens no directories to sync them")

REFUSED = "refused"
FIRST_VERSION = json.dumps(
    {
        "version": 1,
        "figures": {"session_result": -40, "hands": 3},
        "checksum": "251f22b77b0213736282b8af6c62b20c1b35d4a218eda63b7304208b3174312c",
    }
).encode()


def risk_says(directory: Path) -> str:
    try:
        return str(open_state(directory / "risk.json").session_result)
    except RiskStateError:
        return REFUSED


def risk_problems(tmp_path: Path, patch: pytest.MonkeyPatch, write: Write) -> list[str]:
    root, scratch = tmp_path / "disk", tmp_path / "after"
    root.mkdir()
    scratch.mkdir()
    path, storage = root / "risk.json", Storage(write=write)
    acts = [
        Act(lambda: open_state(path, storage), "0"),
        Act(lambda: save(path, RiskState(session_result=-300, hands=1, total_result=-300), storage), "-300"),
        Act(lambda: save(path, RiskState(session_result=120, hands=2, total_result=120), storage), "120"),
    ]
    return problems(Trial(root, risk_says, "0"), acts, patch, scratch)


def test_a_saved_result_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert risk_problems(tmp_path, monkeypatch, Storage().write) == []


@pytest.mark.parametrize(
    ("careless", "shown"),
    [
        (without_syncing_the_directory, "after rename risk.json.new: 0, right: -300"),
        (in_place, f"after write risk.json: {REFUSED}"),
    ],
)
def test_a_careless_way_to_write_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, careless: Write, shown: str
) -> None:
    found = risk_problems(tmp_path, monkeypatch, careless)
    assert any(line.startswith(shown) for line in found), found


def test_taking_over_the_first_version_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A state of version 1 is either still there or taken over whole."""
    root, scratch = tmp_path / "disk", tmp_path / "after"
    root.mkdir()
    scratch.mkdir()
    path = root / "risk.json"
    acts = [
        Act(lambda: replace_file(path, FIRST_VERSION), "-40"),
        Act(lambda: open_state(path), "-40"),
    ]
    assert problems(Trial(root, risk_says, "0"), acts, monkeypatch, scratch) == []
