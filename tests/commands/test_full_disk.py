"""A disk that is full at the start: what is said names the disk and what to do."""

import errno
import os
from pathlib import Path

import pytest

from app.commands import reset
from app.commands.common import told
from engine.durable import replace_file


def failing(number: int, filename: str | None = None) -> OSError:
    return OSError(number, os.strerror(number)) if filename is None else OSError(number, os.strerror(number), filename)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_the_disk_and_what_to_do_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    monkeypatch.setenv("PITBOSS_HOME", str(tmp_path))

    def act() -> int:
        raise failing(number)

    assert told(act) == 1
    said = capsys.readouterr().err
    assert f"free the disk that holds {tmp_path}, then start again" in said
    assert "stays until it is reset" in said


def test_a_file_that_is_named_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    def act() -> int:
        raise failing(errno.ENOSPC, "/somewhere/permit")

    assert told(act) == 1
    assert "holds /somewhere/permit, then" in capsys.readouterr().err


def test_another_error_is_told_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    def act() -> int:
        raise failing(errno.EACCES, "/somewhere")

    assert told(act) == 1
    assert capsys.readouterr().err == "pitboss: [Errno 13] Permission denied: '/somewhere'\n"


def test_a_reset_on_a_full_disk_changes_nothing_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PITBOSS_HOME", str(tmp_path))
    assert reset.main([]) == 0
    permission = tmp_path / "dev" / "permission.json"
    replace_file(permission, permission.read_bytes().replace(b'"clear"', b'"armed"'))
    limited = Path("/dev/full")
    if not limited.exists():
        pytest.skip("this system has no device that is always full")

    def full(*_: object, **__: object) -> None:
        with limited.open("wb", buffering=0) as device:
            device.write(b"x")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert reset.main([]) == 1
    said = capsys.readouterr()
    assert "unclean-end" in said.out
    assert "free the disk" in said.err
    assert b'"clear"' not in permission.read_bytes()
    assert reset.main([]) == 0
