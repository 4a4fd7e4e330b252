"""Drill certificates count on the machine, version and configuration they were made with, for a week, no further."""

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from engine.config import Config
from engine.safety import certificates
from engine.safety.certificates import (
    NAME,
    Certificate,
    CertificateError,
    certificate_status,
    drilled_config,
    grant,
    machine_id,
    read,
    withdraw,
)
from engine.words import CertificateStatus

NOW = "2026-03-01T12:00:00.000+00:00"
CONFIG = Config()
TITLES = {"kill-9": "Kill -9", "panic-stop": "Panic stop"}


def certificate(drill: str = "panic-stop", **changes: str) -> Certificate:
    made = Certificate(drill, "Panic stop", NOW, "machine", "1.0", drilled_config(CONFIG), "d" * 64)
    return replace(made, **changes)


def status_of(directory: Path, drill: str = "panic-stop", now: str = NOW, config: Config = CONFIG) -> CertificateStatus:
    found = certificate_status(directory, config, "machine", "1.0", now)
    return next(status for status in found if status.drill == drill)


def test_every_mandatory_drill_is_due_where_none_has_run(tmp_path: Path) -> None:
    found = certificate_status(tmp_path / "none", CONFIG, "machine", "1.0", NOW)
    assert [status.drill for status in found] == list(CONFIG.drills.mandatory)
    assert not any(status.current for status in found)
    assert "has not passed here yet" in found[0].detail


def test_a_green_run_counts_for_its_drill_alone(tmp_path: Path) -> None:
    grant(tmp_path, certificate())
    assert status_of(tmp_path) == CertificateStatus("panic-stop", "Panic stop", True, f"passed {NOW}")
    assert not status_of(tmp_path, "kill-9").current


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"machine": "another"}, "another machine"),
        ({"version": "0.9"}, "version 0.9"),
        ({"config": "0" * 64}, "configuration has changed"),
        ({"utc": "2026-02-21T12:00:00.000+00:00"}, "8 days ago"),
        ({"utc": "2026-03-01T12:10:00.000+00:00"}, "in the future"),
        ({"utc": "yesterday"}, "cannot be read"),
        ({"utc": "2026-03-01T12:00:00"}, "cannot be read"),
    ],
)
def test_what_was_proved_elsewhere_or_long_ago_is_due(tmp_path: Path, change: dict[str, str], said: str) -> None:
    grant(tmp_path, certificate(**change))
    assert not status_of(tmp_path).current
    assert said in status_of(tmp_path).detail


@pytest.mark.parametrize(
    ("now", "current"), [("2026-03-08T12:00:00+00:00", True), ("2026-03-08T12:00:01+00:00", False)]
)
def test_it_counts_for_the_configured_days_and_not_a_second_longer(tmp_path: Path, now: str, current: bool) -> None:
    grant(tmp_path, certificate())
    assert status_of(tmp_path, now=now).current is current


@pytest.mark.parametrize(
    ("utc", "current"), [("2026-03-01T12:05:00+00:00", True), ("2026-03-01T12:05:01+00:00", False)]
)
def test_a_clock_that_was_set_back_five_minutes_is_forgiven_and_no_more(
    tmp_path: Path, utc: str, current: bool
) -> None:
    grant(tmp_path, certificate(utc=utc))
    assert status_of(tmp_path).current is current


def test_another_zone_is_the_same_moment(tmp_path: Path) -> None:
    grant(tmp_path, certificate(utc="2026-03-01T14:00:00+02:00"))
    assert status_of(tmp_path).current


def test_a_changed_setting_makes_it_due_but_another_deck_does_not(tmp_path: Path) -> None:
    grant(tmp_path, certificate())
    deck = CONFIG.model_copy(update={"table": CONFIG.table.model_copy(update={"seed": 5})})
    assert status_of(tmp_path, config=deck).current
    looser = CONFIG.model_copy(update={"risk": CONFIG.risk.model_copy(update={"hands_limit": 2000})})
    assert not status_of(tmp_path, config=looser).current
    prod = CONFIG.model_copy(update={"profile": "prod"})
    assert not status_of(tmp_path, config=prod).current


def test_a_failed_run_withdraws_the_green_one_and_leaves_the_others(tmp_path: Path) -> None:
    grant(tmp_path, certificate())
    grant(tmp_path, certificate("kill-9"))
    withdraw(tmp_path, "panic-stop")
    assert not status_of(tmp_path).current
    assert status_of(tmp_path, "kill-9").current


def test_a_newer_run_takes_the_place_of_the_older(tmp_path: Path) -> None:
    grant(tmp_path, certificate(version="0.9"))
    grant(tmp_path, certificate())
    assert read(tmp_path) == (certificate(),)


GOLDEN = """{
 "schema": 1,
 "certificates": [
  {
   "drill": "kill-9",
   "title": "Kill -9",
   "utc": "2026-03-01T12:00:00.000+00:00",
   "machine": "machine",
   "version": "1.0",
   "config": "c",
   "report": "r"
  },
  {
   "drill": "panic-stop",
   "title": "Panic stop",
   "utc": "2026-03-01T12:00:00.000+00:00",
   "machine": "machine",
   "version": "1.0",
   "config": "c",
   "report": "r"
  }
 ],
 "digest": "b6a9f2add62c4860c09dee333e20188bef605e9bdeb7be103431a2f69677c21b"
}
"""


def test_a_file_of_today_will_be_read_by_every_release_to_come(tmp_path: Path) -> None:
    """Byte for byte: a certificate is worth a week of drills, so the form of the file stays."""
    kept = [certificate(drill, title=title, config="c", report="r") for drill, title in TITLES.items()]
    for one in reversed(kept):
        grant(tmp_path / "a" / "profile", one)
    path = tmp_path / "a" / "profile" / NAME
    assert path.read_text(encoding="utf-8") == GOLDEN
    assert read(tmp_path / "a" / "profile") == tuple(kept)


def test_withdrawing_what_is_not_there_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    grant(tmp_path, certificate())
    before = (tmp_path / NAME).stat().st_ino
    withdraw(tmp_path, "kill-9")
    assert (tmp_path / NAME).stat().st_ino == before
    assert read(tmp_path) == (certificate(),)


def test_withdrawing_where_there_is_nothing_writes_nothing(tmp_path: Path) -> None:
    withdraw(tmp_path, "panic-stop")
    assert list(tmp_path.iterdir()) == []


def _signed(**changes: object) -> Callable[[bytes], bytes]:
    """The first entry changed, with a checksum that fits."""

    def edit(content: bytes) -> bytes:
        data = json.loads(content)
        data["certificates"][0].update(changes)
        text = json.dumps(data["certificates"], sort_keys=True, separators=(",", ":"))
        return json.dumps({**data, "digest": sha256(text.encode()).hexdigest()}).encode()

    return edit


def _edited(change: Callable[[dict[str, Any]], object]) -> Callable[[bytes], bytes]:
    def edit(content: bytes) -> bytes:
        data = json.loads(content)
        change(data)
        return json.dumps(data).encode()

    return edit


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "cut off": lambda content: content[: len(content) // 2],
    "not text": lambda content: b"\xff\xfe" + content,
    "a list": lambda content: b"[]",
    "a number": lambda content: b"5",
    "deep": lambda content: b"[" * 100_000,
    "another schema": _edited(lambda data: data.update(schema=2)),
    "a date moved by hand": _edited(lambda data: data["certificates"][0].update(utc="2027-01-01T00:00:00+00:00")),
    "an entry more": _edited(lambda data: data["certificates"].append(data["certificates"][0])),
    "no digest": _edited(lambda data: data.pop("digest")),
    "a number for text": _signed(version=1),
    "a field that it does not know": _signed(expires="never"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_file_counts_as_nothing_and_is_put_aside_by_the_next_run(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    grant(tmp_path, certificate())
    path = tmp_path / NAME
    path.write_bytes(damaged := damage(path.read_bytes()))
    found = certificate_status(tmp_path, CONFIG, "machine", "1.0", NOW)
    assert not any(status.current for status in found)
    assert str(path) in found[0].detail
    with pytest.raises(CertificateError):
        read(tmp_path)
    grant(tmp_path, certificate("kill-9"))
    assert [known.drill for known in read(tmp_path)] == ["kill-9"]
    assert (tmp_path / f"{NAME}.damaged").read_bytes() == damaged


def test_a_folder_in_place_of_the_file_counts_as_nothing_too(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(CertificateError, match="cannot be read"):
        read(tmp_path)


def test_it_is_said_what_is_wrong_with_a_damaged_file(tmp_path: Path) -> None:
    grant(tmp_path, certificate())
    sound = (tmp_path / NAME).read_bytes()
    for damage, said in [
        (DAMAGES["cut off"], "cannot be read"),
        (DAMAGES["another schema"], "is damaged or was changed (it is not of schema 1)"),
        (DAMAGES["a date moved by hand"], "is damaged or was changed (its checksum does not fit)"),
        (DAMAGES["a number for text"], "is damaged or was changed (it holds something else than text)"),
    ]:
        (tmp_path / NAME).write_bytes(damage(sound))
        assert f"due: {tmp_path / NAME} {said}" in status_of(tmp_path).detail
    (tmp_path / NAME).write_bytes(sound)
    assert status_of(tmp_path).current


def test_a_failed_run_leaves_no_damaged_file_in_force(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"nonsense")
    withdraw(tmp_path, "panic-stop")
    assert read(tmp_path) == ()


def test_this_machine_has_a_name_that_stays() -> None:
    assert machine_id() == machine_id()
    assert len(machine_id()) == 16


def test_machines_of_the_same_make_are_told_apart_by_the_first_identity_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    monkeypatch.setattr(certificates, "MACHINE_FILES", (first, second))
    neither = machine_id()
    second.write_text("two\n", encoding="ascii")
    only_second = machine_id()
    first.write_bytes("é".encode())
    assert machine_id() == only_second, "what is not plain text is no identity"
    first.write_text("one\n", encoding="ascii")
    both = machine_id()
    second.unlink()
    assert machine_id() == both
    assert len({neither, only_second, both}) == 3
