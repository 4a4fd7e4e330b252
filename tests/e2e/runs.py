"""Whole runs of the product as a user makes them: `pitboss play` in a process of its own, on a screen of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pokerkit import HandHistory

from engine.config.places import root
from engine.records.journal_reading import verify
from engine.records.phh import export

LIMIT_S = 900
SMALL, TILE, TALL = (800, 500), (940, 588), (900, 700)
"""Insides of the table window that fit the tile beside the console."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run that has ended: its exit code, its summary as JSON, and what it said."""

    code: int
    summary: dict[str, Any]
    said: str

    @property
    def truth(self) -> dict[str, Any]:
        found: dict[str, Any] = self.summary["truth"]
        return found


def environment(home: Path) -> dict[str, str]:
    """The environment of a run without a display and with a state directory of its own."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return {name: value for name, value in os.environ.items() if name not in hidden} | {"PITBOSS_HOME": str(home)}


def play(home: Path, hands: int, *options: str, size: tuple[int, int] | None = None) -> Run:
    """Play ``hands`` hands; ``size`` is that of the table window's inside."""
    sized = () if size is None else ("--table-size", f"{size[0]}x{size[1]}")
    command = [sys.executable, "-m", "app", "play", "--hands", str(hands), "--json", *sized, *options]
    done = subprocess.run(command, env=environment(home), capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert done.stdout.startswith("{"), f"no summary: {done.stderr}"
    return Run(done.returncode, json.loads(done.stdout), done.stderr)


def assert_faultless(run: Run, hands: int, directory: Path) -> None:
    """What must hold of every run: nothing differs from the table's own log, and the record is whole."""
    truth = run.truth
    findings = {name: found for name, found in truth.items() if isinstance(found, list) and found}
    assert run.summary["mismatches"] == 0, findings
    assert run.code == 0, run.said
    assert run.summary["hands"] == truth["hands"] == hands
    assert truth["chips_conserved"]
    assert truth["illegal"] == []
    assert truth["presses_missing"] == truth["presses_foreign"] == []
    assert truth["presses_found"] >= truth["presses_sent"] == run.summary["presses"]
    assert _is_smooth(run.summary), {name: run.summary[name] for name in _ROUGH}
    assert_record(Path(run.summary["journal"]), hands, directory)


def assert_read(*runs: Run) -> None:
    """Of the stable, undisturbed pictures of all runs, nearly every one was fully read."""
    stable = sum(run.truth["stable"] for run in runs)
    unread = [picture for run in runs for picture in run.truth["unread"]]
    assert stable > 0
    assert len(unread) <= 0.005 * stable, f"{len(unread)} of {stable}: {unread}"


_ROUGH = ("retries", "fallbacks", "inconsistent", "stopped", "frames_read", "frames_refused")


def _is_smooth(summary: dict[str, Any]) -> bool:
    """Nothing had to be tried again, done otherwise, or was refused as impossible; next to no frame was unclear."""
    seldom = summary["frames_refused"] <= 0.005 * summary["frames_read"]
    return seldom and not any(summary[name] for name in _ROUGH[:4])


def without_risk_limits(directory: Path) -> Path:
    """A configuration file for many hands in a row, in which stacks grow beyond what is risked by default."""
    product = json.loads((root() / "config" / "bot-config.json").read_text(encoding="utf-8"))
    product.pop("$schema")
    product["risk"] |= {"session_loss_limit": 10**9, "hand_commitment_limit": 10**9}
    file = directory / "bot-config.json"
    file.write_text(json.dumps(product), encoding="utf-8")
    return file


def assert_record(journal: Path, hands: int, directory: Path) -> None:
    """The journal is sealed and as written, and each of its hands loads in PokerKit."""
    assert verify(journal) == []
    exported = export(journal, directory)
    assert len(exported) == hands
    for path in exported:
        with path.open("rb") as file:
            history = HandHistory.load(file)
        assert list(history), f"{path} replays to nothing"
