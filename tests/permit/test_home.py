"""The state directory: the place that platformdirs names, found without it."""

from pathlib import Path

import platformdirs
import pytest

from engine.permit.home import ProfileNameError, home, permit_path, profile_directory


@pytest.mark.parametrize("state", [None, "/var/tmp/state"])
def test_the_place_is_the_platforms_own(monkeypatch: pytest.MonkeyPatch, state: str | None) -> None:
    monkeypatch.delenv("PITBOSS_HOME", raising=False)
    if state is None:
        monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_STATE_HOME", state)
    assert home() == platformdirs.user_state_path("pitboss", appauthor=False)


def test_an_own_place_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PITBOSS_HOME", str(tmp_path / "with space"))
    assert profile_directory() == tmp_path / "with space" / "dev"
    assert permit_path(profile_directory("prod")) == tmp_path / "with space" / "prod" / "run" / "permit"


@pytest.mark.parametrize("name", ["", "..", "a/b", "Dev", "a b", "dev\n"])
def test_a_profile_is_a_plain_name(name: str) -> None:
    with pytest.raises(ProfileNameError, match="lower-case"):
        profile_directory(name)
