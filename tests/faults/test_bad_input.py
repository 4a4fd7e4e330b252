"""Bad input to the real program: a clear message that says what to do, its exit code, no traceback and no click."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.config import root
from tests.faults.product import Product, pitboss, presses, product_environment

pytestmark = pytest.mark.xvfb

PLAY = ("play", "--headless", "--hands", "1", "--pace", "0")
WRONG_INPUT = 2
FAILED = 1
LAYOUT = Path("resources") / "layouts" / "practice" / "felt"

Outcome = subprocess.CompletedProcess[str]


def assert_refused(said: Outcome, home: Path, code: int, *parts: str) -> None:
    """Refused in words: the code, every part of the message, and not a single press at any table."""
    assert said.returncode == code, said.stderr
    for part in parts:
        assert part in said.stderr
    assert "Traceback" not in said.stderr
    assert said.stdout == ""
    assert presses(home) == []


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def written(directory: Path, text: str) -> str:
    file = directory / "mine.json"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_missing_configuration(display: str, home: Path, tmp_path: Path) -> None:
    said = pitboss(home, *PLAY, "--config", str(tmp_path / "nowhere.json"))
    assert_refused(said, home, WRONG_INPUT, "nowhere.json", "the file does not exist", "--config")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('{"table": {', ("line 1, column", "not JSON", "Correct that place")),
        ("[]", ("not an object", "must be one JSON object")),
        ('{"visoin": {}}', ("visoin: unknown key", "did you mean vision?")),
        ('{"vision": {"bad_frames": 4}}', ("vision.bad_frames: value 4", "integer 1 to 3")),
        ('{"execution": {"hotkeys": []}}', ("execution.hotkeys: value []", "list of 1 to 8 entries")),
    ],
)
def test_a_corrupt_configuration(display: str, home: Path, tmp_path: Path, text: str, parts: tuple[str, ...]) -> None:
    said = pitboss(home, *PLAY, "--config", written(tmp_path, text))
    assert_refused(said, home, WRONG_INPUT, "mine.json", *parts)


@pytest.mark.parametrize(("profile", "part"), [("nobody", "dev, prod, staging"), ("../up", "allowed: dev")])
def test_an_unknown_profile(display: str, home: Path, profile: str, part: str) -> None:
    said = pitboss(home, *PLAY, "--profile", profile)
    assert_refused(said, home, WRONG_INPUT, profile, part, "--profile")


def truncate(pack: Path) -> None:
    file = next(pack.glob("*.npz"))
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def alter(pack: Path) -> None:
    file = next(pack.glob("*.npz"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(bytes(content))


def garble(pack: Path) -> None:
    next(pack.glob("*.json")).write_text("{", encoding="utf-8")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product copied to a place where its own files may be damaged."""
    copy = tmp_path_factory.mktemp("installed")
    for part in ("app", "engine", "config", "resources"):
        shutil.copytree(root() / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


@pytest.mark.parametrize("damage", [truncate, alter, garble, shutil.rmtree])
def test_a_damaged_layout_pack(
    display: str, home: Path, installed: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    kept = shutil.copytree(installed / LAYOUT, tmp_path / "kept")
    damage(installed / LAYOUT)
    try:
        said = subprocess.run(
            [sys.executable, "-m", "app", *PLAY],
            cwd=installed,
            env=product_environment(home, {}),
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        shutil.copytree(kept, installed / LAYOUT, dirs_exist_ok=True)
    assert_refused(said, home, FAILED, "layout", str(installed / LAYOUT), "pitboss layout")


def test_a_risk_state_that_cannot_be_trusted(display: str, home: Path) -> None:
    (home / "dev").mkdir(parents=True)
    (home / "dev" / "risk.json").write_text('{"version": 1, "figures": {"session_result": 0}}', encoding="utf-8")
    said = pitboss(home, *PLAY)
    assert_refused(said, home, FAILED, "risk.json cannot be trusted", "pitboss check --risk")


def test_a_permission_that_cannot_be_read_is_a_stop(display: str, home: Path) -> None:
    (home / "dev").mkdir(parents=True)
    (home / "dev" / "permission.json").write_text("{", encoding="utf-8")
    said = pitboss(home, *PLAY)
    assert said.returncode == FAILED
    assert "a stop is latched (latch-unreadable:" in said.stderr
    assert "pitboss reset" in said.stderr
    assert "Traceback" not in said.stderr
    assert presses(home) == []
    assert pitboss(home, "reset").returncode == 0


def test_a_state_directory_that_cannot_be_used(display: str, home: Path) -> None:
    home.write_text("a file where the state directory should be", encoding="utf-8")
    said = pitboss(home, *PLAY)
    assert_refused(said, home, FAILED, str(home), "PITBOSS_HOME")


@pytest.mark.parametrize("command", [PLAY, ("reset",), ("check",)])
def test_a_second_instance_leaves_the_first_alone(display: str, home: Path, command: tuple[str, ...]) -> None:
    with Product(home, 5) as first:
        first.await_presses()
        second = pitboss(home, *command)
        count = len(presses(home))
        assert (second.returncode, second.stdout) == (FAILED, "")
        for part in (f"process {first.process.pid}", "Close it first", "--profile"):
            assert part in second.stderr
        assert "Traceback" not in second.stderr
        first.await_presses(count + 1)


def test_no_display_and_no_virtual_one(home: Path, tmp_path: Path) -> None:
    environment = {name: value for name, value in product_environment(home, {}).items() if name != "DISPLAY"}
    (tmp_path / "bin").mkdir()
    said = subprocess.run(
        [sys.executable, "-m", "app", *PLAY],
        env=environment | {"PATH": str(tmp_path / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert_refused(said, home, FAILED, "There is no display", "apt-get install", "xvfb", "openbox")


def test_a_display_that_does_not_answer(home: Path) -> None:
    said = pitboss(home, *PLAY, DISPLAY=":4095")
    assert_refused(said, home, FAILED, ":4095", "DISPLAY")


def test_a_stop_with_nothing_to_stop(home: Path) -> None:
    said = pitboss(home, "stop")
    assert_refused(said, home, FAILED, "nothing to stop", "nothing is armed in this profile")


def test_a_stop_that_cannot_reach_the_page_says_so(home: Path) -> None:
    home.write_text("a file where the state directory should be", encoding="utf-8")
    said = pitboss(home, "stop")
    assert_refused(said, home, FAILED, "NOT STOPPED", str(home), "red button")
