"""A profile directory made a moment ago does not vanish in a power failure with the risk state in it."""

import sys
from pathlib import Path

import pytest

from engine.risk import store
from engine.risk.state import RiskState, RiskStateError
from engine.risk.store import open_state, save
from tests.power_loss.trial import Act, Trial, problems

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows opens no directories to sync them")


def result_after(directory: Path) -> str:
    try:
        return str(open_state(directory / "state" / "dev" / "risk.json").session_result)
    except RiskStateError as refusal:
        return str(refusal)


def found(tmp_path: Path, patch: pytest.MonkeyPatch, made_by_another: bool) -> list[str]:
    root, scratch = tmp_path / "disk", tmp_path / "after"
    root.mkdir()
    scratch.mkdir()
    path = root / "state" / "dev" / "risk.json"

    def begin() -> None:
        if made_by_another:
            path.parent.mkdir(parents=True)
        open_state(path)

    lost = RiskState(session_result=-300, hands=1, total_result=-300)
    acts = [Act(begin, "0"), Act(lambda: save(path, lost), "-300")]
    return problems(Trial(root, result_after, "0"), acts, patch, scratch)


@pytest.mark.parametrize("made_by_another", [False, True], ids=["made here", "made by another program"])
def test_a_loss_in_a_new_profile_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made_by_another: bool) -> None:
    assert found(tmp_path, monkeypatch, made_by_another) == []


def test_a_directory_whose_name_is_not_synced_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "make_directory", lambda directory: directory.mkdir(parents=True, exist_ok=True))
    assert any("0, right: -300" in line for line in found(tmp_path, monkeypatch, made_by_another=False))
