"""`pitboss solve warm`: it builds the library, goes on where it was interrupted, and builds again what is damaged."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.commands.solve import main
from app.commands.solve_warm import FLOPS
from app.commands.solve_warm_spots import Line, flops
from engine.game.ranges import COMBO_COUNT
from engine.solver.library import Library, address

ROOT = Path(__file__).parents[2]
RANGES = ["--oop", "AA, KQs, 98s", "--ip", "QQ, AKs, T9s"]


def warmed(capsys: pytest.CaptureFixture[str], into: Path, *more: str) -> dict[str, Any]:
    assert main(["warm", "--into", str(into), *RANGES, "--target", "2", "--json", *more]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_flops_are_solved_kept_and_not_solved_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = warmed(capsys, tmp_path, "--flops", "2")
    more = warmed(capsys, tmp_path, "--flops", "3")
    assert [(report["already"], len(report["built"])) for report in (first, more)] == [(0, 2), (2, 1)]
    assert all(each["exploitability_pct"] <= 2 for each in first["built"])
    assert {path.stem for path in Library(tmp_path, None).entries} == {
        each["key"] for report in (first, more) for each in report["built"]
    }


def test_a_damaged_entry_is_told_and_built_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (built,) = warmed(capsys, tmp_path, "--board", "Td9d6h")["built"]
    (path,) = Library(tmp_path, None).entries
    path.write_bytes(path.read_bytes()[:-70])
    (again,) = warmed(capsys, tmp_path, "--board", "Td9d6h")["built"]
    assert again["key"] == built["key"]
    assert "damaged" in again["problem"]
    assert warmed(capsys, tmp_path, "--board", "Tc9c6s")["already"] == 1


def test_an_interrupted_run_keeps_what_is_whole_and_goes_on(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app", "solve", "warm", "--into", str(tmp_path), *RANGES, "--json"]
    long = [*command, "--flops", "1755", "--target", "0.000001", "--deadline-ms", "60000"]
    terminal, theirs = pty.openpty()
    with subprocess.Popen(long, cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs, text=True) as process:
        os.close(theirs)
        shown = _until(terminal, b"now ")
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    os.close(terminal)
    assert b"of 1755 flops" in shown
    assert process.returncode == 130
    report = json.loads(out)
    assert report["interrupted"]
    assert len(list(tmp_path.glob("*.flop"))) == len(report["built"])
    assert not list(tmp_path.glob("*.new"))


def _until(terminal: int, words: bytes) -> bytes:
    """What a terminal shows until these words are among it."""
    shown = b""
    while words not in shown:
        assert select.select([terminal], [], [], 60)[0], f"only {shown!r} was shown"
        shown += os.read(terminal, 4096)
    return shown


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--flops", "0"], "1 to 1755"),
        (["--board", "Td9d"], "keeps flops"),
        (["--board", "Td9dXx"], "Xx"),
        (["--raise", "120"], "leaves nothing"),
        (["--threads", "0"], "more than 0"),
    ],
)
def test_wrong_input_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    assert main(["warm", "--into", str(tmp_path), *RANGES, *options]) == 2
    assert words in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["warm", "--into", str(tmp_path / "file" / "x"), *RANGES, "--board", "Td9d6h", "--target", "5"]) == 1
    assert "--into" in capsys.readouterr().err


def test_all_flops_come_once_and_the_spot_is_that_of_the_line() -> None:
    assert len(flops()) == len(set(flops())) == 1755
    spot = Line().spot(flops()[0])
    assert (spot.pot, spot.stack) == (500, 9750)
    assert all(weights.shape == (COMBO_COUNT,) for weights in spot.ranges)
    assert address(spot).ratio == 19.5


def test_the_flops_that_are_shipped_are_those_of_the_line_and_sound() -> None:
    shipped = Library(None)
    assert len(shipped.entries) == FLOPS
    for board in flops()[:FLOPS]:
        found = shipped.find(Line().spot(board))
        assert (found.missed, found.problem) == ("", "")
        assert found.answer is not None
        assert found.answer.exploitability is not None
        assert found.answer.exploitability < 0.3
