"""How the product starts its own processes."""

import sys

import pytest

from engine.execution.roles import ACTUATOR, clean_environment, role_command, scrub


def test_a_role_is_this_python_or_the_frozen_program(monkeypatch: pytest.MonkeyPatch) -> None:
    assert role_command("table", "--seats", "4") == [sys.executable, "-m", "app", "table", "--seats", "4"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert role_command(ACTUATOR) == [sys.executable, "_actuator"]


def test_a_role_must_be_known() -> None:
    with pytest.raises(ValueError, match="not one of _actuator, _compare, _solver, _watchdog, drill, play, table"):
        role_command("shell")


def test_a_child_gets_no_qt_settings_but_the_platform() -> None:
    found = {"QT_QPA_PLATFORM_PLUGIN_PATH": "/cv2", "QT_QPA_PLATFORM": "offscreen", "HOME": "/h"}
    assert scrub(found, keep_platform=True) == {"QT_QPA_PLATFORM": "offscreen", "HOME": "/h"}
    assert scrub(found, keep_platform=False) == {"HOME": "/h"}


def test_the_environment_of_a_child_is_this_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_FONTDIR", "/fonts")
    monkeypatch.setenv("DISPLAY", ":7")
    cleaned = clean_environment()
    assert cleaned["DISPLAY"] == ":7"
    assert "QT_QPA_FONTDIR" not in cleaned
