"""Drill certificates count on the machine, version and configuration they were made with, for a week, no further."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.config import Config
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


def test_withdrawing_where_there_is_nothing_writes_nothing(tmp_path: Path) -> None:
    withdraw(tmp_path, "panic-stop")
    assert list(tmp_path.iterdir()) == []


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
    "deep": lambda content: b"[" * 100_000,
    "another schema": _edited(lambda data: data.update(schema=2)),
    "a date moved by hand": _edited(lambda data: data["certificates"][0].update(utc="2027-01-01T00:00:00+00:00")),
    "an entry more": _edited(lambda data: data["certificates"].append(data["certificates"][0])),
    "no digest": _edited(lambda data: data.pop("digest")),
    "a number for text": _edited(lambda data: data["certificates"][0].update(version=1)),
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


def test_a_failed_run_leaves_no_damaged_file_in_force(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"nonsense")
    withdraw(tmp_path, "panic-stop")
    assert read(tmp_path) == ()


def test_this_machine_has_a_name_that_stays() -> None:
    assert machine_id() == machine_id()
    assert len(machine_id()) == 16
