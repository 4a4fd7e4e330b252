"""One instance a profile, by a lock that the operating system holds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.safety.instance import AlreadyRunningError, InstanceLock

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import sys
from pathlib import Path
from engine.safety.instance import InstanceLock
lock = InstanceLock(Path(sys.argv[1]))
lock.acquire("pitboss play")
print("held", flush=True)
sys.stdin.read()
"""


def hold(directory: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", HOLD, str(directory)]
    holder = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_a_second_instance_is_refused_by_name_and_told_what_to_do(tmp_path: Path) -> None:
    with hold(tmp_path) as holder:
        with pytest.raises(AlreadyRunningError, match=rf"pitboss play \(process {holder.pid}, .*--profile"):
            InstanceLock(tmp_path).acquire()
        holder.kill()


def test_a_killed_holder_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    with hold(tmp_path) as holder:
        holder.kill()
    with InstanceLock(tmp_path):
        assert f'"pid": {os.getpid()}' in (tmp_path / "run" / "holder.json").read_text()


def test_another_profile_is_another_lock(tmp_path: Path) -> None:
    with InstanceLock(tmp_path / "dev"), InstanceLock(tmp_path / "drill"):
        pass


def test_the_same_process_holds_it_once_and_gives_it_back(tmp_path: Path) -> None:
    with InstanceLock(tmp_path), pytest.raises(AlreadyRunningError):
        InstanceLock(tmp_path).acquire()
    with InstanceLock(tmp_path):
        pass


def test_a_spoilt_note_of_the_holder_does_not_matter(tmp_path: Path) -> None:
    with InstanceLock(tmp_path):
        (tmp_path / "run" / "holder.json").write_text("[]")
        with pytest.raises(AlreadyRunningError, match="Another program runs"):
            InstanceLock(tmp_path).acquire()


def test_a_note_that_cannot_be_written_does_not_keep_the_lock_from_anybody(tmp_path: Path) -> None:
    (tmp_path / "run" / "holder.json").mkdir(parents=True)
    with InstanceLock(tmp_path), pytest.raises(AlreadyRunningError, match="Another program"):
        InstanceLock(tmp_path).acquire()
