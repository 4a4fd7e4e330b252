"""The prod profile arms only with certificates: made by running the mandatory drills there, as documented.

The product is copied to a place of its own, so that its version, its configuration and its calendar may be changed.
"""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.config import load
from engine.config.places import root
from tests.e2e.runs import environment

pytestmark = [pytest.mark.e2e, pytest.mark.xvfb, pytest.mark.timeout(3600)]

DRILLS_LIMIT_S, GAME_LIMIT_S = 3000, 300
REFUSED = "not armed: Every mandatory drill has passed here: "


class Installed:
    """The product in a place of its own with a state directory of its own."""

    def __init__(self, directory: Path) -> None:
        self.house, self.home = directory / "house", directory / "home"
        for part in ("app", "engine", "config", "resources"):
            shutil.copytree(root() / part, self.house / part, ignore=shutil.ignore_patterns("__pycache__"))
        self.replace(
            "config/event-calendar.csv", "as of: 2026-01-01T00:00:00Z", f"as of: {datetime.now(UTC).isoformat()}"
        )

    def replace(self, file: str, old: str, new: str) -> None:
        path = self.house / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{file} does not hold {old!r} once"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def run(self, limit_s: float, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "app", *words, "--profile", "prod"],
            cwd=self.house,
            env=environment(self.home) | {"PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=limit_s,
            check=False,
        )

    def play(self, *options: str) -> "subprocess.CompletedProcess[str]":
        return self.run(GAME_LIMIT_S, "play", "--headless", "--hands", "3", "--json", *options)

    def assert_refused(self, why: str, *options: str) -> None:
        said = self.play(*options)
        assert said.returncode == 1
        assert REFUSED in said.stderr
        for drill in load(None, "prod").drills.mandatory:
            assert f"{drill}: due: {why}" in said.stderr
        assert "pitboss drill --all --profile prod" in said.stderr
        assert json.loads(said.stdout)["presses"] == 0

    def other_configuration(self) -> Path:
        """The product's own with another weight of the solver, beside it, so that its files are found."""
        content = json.loads((self.house / "config" / "bot-config.json").read_text(encoding="utf-8"))
        content["decision"]["alpha"] = 0.5
        path = self.house / "config" / "other.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return path


def test_prod_arms_after_its_drills_have_passed_and_not_with_another_version_or_configuration(tmp_path: Path) -> None:
    product = Installed(tmp_path)
    product.assert_refused("it has not passed here yet")

    drilled = product.run(DRILLS_LIMIT_S, "drill", "--all", "--json")
    reports = [one["report"] for one in json.loads(drilled.stdout)]
    failed = [one["drill"] for one in reports if not one["passed"]]
    assert (drilled.returncode, failed) == (0, []), drilled.stderr

    played = product.play()
    assert played.returncode == 0, played.stderr
    summary = json.loads(played.stdout)
    assert summary["hands"] == 3
    assert summary["presses"] > 0
    assert summary["mismatches"] == 0

    changed = product.other_configuration()
    product.assert_refused("the configuration has changed since it passed", "--config", os.fspath(changed))
    product.replace("engine/__init__.py", '__version__ = "0.1.0"', '__version__ = "0.1.1"')
    product.assert_refused("it passed with version 0.1.0, this is 0.1.1")
    product.replace("engine/__init__.py", '__version__ = "0.1.1"', '__version__ = "0.1.0"')
    assert product.play().returncode == 0
