"""The two commands: what they say, what they need, and what they do when it is missing."""

import os
import runpy
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import environment
import failures
import launch
import system_libraries
import tiers
from tests.house.hygiene import ROOT, lock_problems

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="the shell scripts are for Linux and macOS")


def shell(*words: str | Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a command in an environment that holds nothing but a PATH and what is given."""
    clean = {"PATH": os.environ["PATH"], **variables}
    return subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, env=clean, cwd="/", check=False, timeout=60
    )


def copy_of_the_house(folder: Path) -> Path:
    """The files the set-up needs, in a folder whose name has spaces."""
    house = folder / "pit boss"
    shutil.copytree(ROOT / "packaging" / "setup", house / "packaging" / "setup")
    for name in ("run", "test", "requirements.lock"):
        shutil.copy2(ROOT / name, house / name)
    return house


@posix_only
@pytest.mark.parametrize(("command", "words"), [("run", ["SUBCOMMAND", "stop"]), ("test", ["e2e", "bench", "soak"])])
def test_help_needs_no_set_up_and_works_from_a_path_with_spaces(command: str, words: list[str], tmp_path: Path) -> None:
    house = copy_of_the_house(tmp_path)
    told = shell(house / command, "--help")
    assert told.returncode == 0
    assert all(word in told.stdout for word in words)
    assert not (house / ".venv").exists()


@posix_only
def test_an_old_python_is_refused_with_what_to_do(tmp_path: Path) -> None:
    house = copy_of_the_house(tmp_path)
    for name in ("python3", "python"):
        old = tmp_path / "bin" / name
        old.parent.mkdir(exist_ok=True)
        old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2\nexit 1\n')
        old.chmod(0o755)
    for tool in ("bash", "dirname", "readlink", "env", "sh"):
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or tool)
    told = shell(house / "run", PATH=str(tmp_path / "bin"))
    assert told.returncode == 3
    assert "Python 3.11 or newer" in told.stderr
    assert "Python 3.9.2" in told.stderr
    assert "apt-get install python3 python3-pip" in told.stderr


@posix_only
def test_without_a_network_it_says_so_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    house = copy_of_the_house(tmp_path)
    dead = "http://127.0.0.1:9/simple"  # the discard port: nothing listens
    offline = {"PIP_INDEX_URL": dead, "PIP_RETRIES": "1", "PIP_CONFIG_FILE": os.devnull, "HOME": str(tmp_path)}
    told = shell(house / "run", "stop", **offline)
    assert told.returncode == 4
    assert "cannot be reached" in told.stderr
    assert told.stdout == ""
    assert not list((house / ".tools").glob("uv-*[0-9]"))


@posix_only
def test_a_second_start_is_quick() -> None:
    assert environment.is_ready(), "run ./test, which makes the environment"
    begun = time.monotonic()
    told = shell(sys.executable, "-E", ROOT / "packaging/setup/launch.py", "_no_such_command")
    assert time.monotonic() - begun < 2
    assert "setting up" not in told.stderr


def test_an_environment_made_from_another_lock_or_half_made_is_not_ready(tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").write_text("a==1\n")
    python = environment.environment_python(tmp_path)
    python.parent.mkdir(parents=True)
    python.touch()
    assert not environment.is_ready(tmp_path)
    (tmp_path / ".venv" / "pitboss-stamp").write_text(environment.stamp_text(tmp_path))
    assert environment.is_ready(tmp_path)
    (tmp_path / "requirements.lock").write_text("a==2\n")
    assert not environment.is_ready(tmp_path)


def hold_the_setup(root: Path) -> "subprocess.Popen[str]":
    """A process that takes the set-up's lock, says "in" and keeps it until its standard input ends."""
    code = (
        "import sys; from pathlib import Path; import environment\n"
        "with environment.only_one_setup(Path(sys.argv[1])): print('in', flush=True); sys.stdin.read()"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "packaging" / "setup")},
    )


@posix_only
def test_two_set_ups_at_once_wait_for_each_other(tmp_path: Path) -> None:
    with hold_the_setup(tmp_path) as first, hold_the_setup_after(first, tmp_path) as second:
        assert second.stderr is not None
        assert "waiting for it" in second.stderr.readline()
        first.communicate()
        assert second.communicate()[0] == "in\n"


def hold_the_setup_after(first: "subprocess.Popen[str]", root: Path) -> "subprocess.Popen[str]":
    """Another such process, begun once the first one has the lock."""
    assert first.stdout is not None
    assert first.stdout.readline() == "in\n"
    return hold_the_setup(root)


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("/usr/bin/python3: No module named pip", "apt-get install python3-pip"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("error: failed to write: No space left on device (os error 28)", "disk is full"),
        ("WARNING: Retrying (Retry(total=4)) after connection broken: NewConnectionError", "cannot be reached"),
        ("error: Failed to fetch: dns error: failed to lookup address information", "cannot be reached"),
        ("invalid peer certificate: UnknownIssuer", "certificate is not trusted"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "not the one that was locked"),
        ("[Errno 13] Permission denied: '/x'", "may not write"),
        ("something nobody has met", "its own words are above"),
    ],
)
def test_each_failure_says_what_to_do(said: str, advice: str) -> None:
    assert advice in failures.explain(said, ROOT)


def test_a_mirror_that_pip_knows_is_told_to_uv() -> None:
    settings = "global.index-url='https://mirror.example/simple'\ninstall.find-links='/a\\n/b'\nglobal.timeout='9'\n"
    assert environment.translated_pip_settings(settings, {}) == {
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_FIND_LINKS": "/a /b",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }
    assert environment.translated_pip_settings(settings, {"UV_INDEX": "https://own.example"}) == {}
    assert environment.translated_pip_settings("", {}) == {}


def test_missing_libraries_are_named_as_packages_with_the_command() -> None:
    everything = set(system_libraries.QT_LIBRARIES.values())
    assert system_libraries.missing_packages(everything, virtual_screen=False) == []
    missing = system_libraries.missing_packages(everything - {"libEGL.so.1"}, virtual_screen=False)
    assert missing == ["libegl1"]
    told = system_libraries.advice([*missing, "xvfb"])
    assert "sudo apt-get update && sudo apt-get install --no-install-recommends libegl1 xvfb" in told
    assert "libEGL.so.1, Xvfb" in told


@posix_only
def test_a_missing_window_manager_is_noticed_only_where_a_virtual_screen_is_needed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    everything = set(system_libraries.QT_LIBRARIES.values())
    assert system_libraries.missing_packages(everything, virtual_screen=True) == ["xvfb", "openbox"]
    assert system_libraries.missing_packages(everything, virtual_screen=False) == []
    assert system_libraries.leave_to_install() is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells its libraries by ldconfig")
def test_the_libraries_of_this_machine_are_found() -> None:
    assert "libc.so.6" in system_libraries.known_libraries()


@pytest.mark.parametrize(
    ("arguments", "windows"),
    [
        ([], True),
        (["play", "--hands", "3"], True),
        (["table"], True),
        (["--profile", "dev"], True),
        (["stop"], False),
        (["play", "--help"], False),
        (["check", "--json"], False),
    ],
)
def test_libraries_are_asked_for_only_by_commands_that_show_windows(arguments: list[str], windows: bool) -> None:
    assert launch.needs_screen(arguments) is windows


def test_tiers_and_pytest_arguments_are_told_apart() -> None:
    assert tiers.split([]) == ("fast", [])
    assert tiers.split(["e2e", "-x"]) == ("e2e", ["-x"])
    assert tiers.split(["-k", "lock"]) == ("fast", ["-k", "lock"])
    assert tiers.split(["tests/house/test_setup.py::test_x"]) == ("fast", ["tests/house/test_setup.py::test_x"])
    with pytest.raises(SystemExit, match="2"):
        tiers.split(["e2f"])


def test_the_tests_come_last_and_the_static_checks_belong_to_the_fast_tier() -> None:
    assert list(tiers.parts_of("fast", [])) == ["ruff", "types", "import contracts", "tests on a screen", "tests"]
    assert list(tiers.parts_of("fast", ["-k", "lock"])) == ["ruff", "types", "import contracts", "tests"]
    assert list(tiers.parts_of("bench", [])) == ["tests"]


def test_the_soak_tier_simulates_and_mutates_unless_some_tests_are_picked() -> None:
    assert list(tiers.parts_of("soak", [])) == ["simulation", "mutation", "tests"]
    assert list(tiers.parts_of("soak", ["-k", "power"])) == ["tests"]
    assert (ROOT / tiers.SOAK["mutation"][0]).is_file()
    simulate = [sys.executable, *tiers.SOAK["simulation"], "--help"]
    assert subprocess.run(simulate, cwd=ROOT, capture_output=True, check=False).returncode == 0


def test_the_tools_of_the_soak_tier_are_pinned_and_hashed() -> None:
    assert list(lock_problems((ROOT / "packaging/mutation/tools.txt").read_text(encoding="utf-8"))) == []


def test_every_module_of_safety_and_risk_is_reached_by_a_test_that_a_mutant_can_be_tried_on() -> None:
    reach = runpy.run_path(str(ROOT / "packaging" / "mutation" / "reach.py"))
    for room in ("safety", "risk"):
        for module in sorted((ROOT / "engine" / room).glob("[!_]*.py")):
            found = reach["tests_of"](module.relative_to(ROOT).as_posix())
            assert found, f"no test in tests/{room} imports {module.name}"
            assert all((ROOT / name).is_file() for name in found)


def test_the_release_tier_says_plainly_that_it_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert tiers.main(["release"]) == 2
    assert "release pipeline" in capsys.readouterr().err
