"""Drill certificates: the record of the drills that passed on this machine, with this version and configuration.

Arming in the prod profile needs a current one of every mandatory drill. One is made by a green run alone; a failed run
withdraws it. What cannot be read, or was changed by hand, counts as nothing.
"""

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from engine.config import Config
from engine.durable import replace_file
from engine.words import CertificateStatus

SCHEMA = 1
NAME = "certificates.json"
MACHINE_FILES = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
FUTURE_SLACK = timedelta(minutes=5)
"""Clocks are set: a certificate may be this much ahead of now, and no more."""


class CertificateError(ValueError):
    """The certificates cannot be read; says why."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """One green run. ``report`` is the SHA-256 of its report, ``config`` the digest of ``drilled_config``."""

    drill: str
    title: str
    utc: str
    machine: str
    version: str
    config: str
    report: str


def machine_id() -> str:
    """A short digest that tells this machine from others; it says nothing about either."""
    known = next((text for path in MACHINE_FILES if (text := _first_line(path))), "")
    facts = (known, platform.node(), platform.system(), platform.machine(), str(os.cpu_count()))
    return sha256("\n".join(facts).encode()).hexdigest()[:16]


def drilled_config(config: Config) -> str:
    """The digest of what a drill proves: the configuration but for the deck's seed, which may differ each time."""
    return config.model_copy(update={"table": config.table.model_copy(update={"seed": None})}).digest


def grant(directory: Path, certificate: Certificate) -> None:
    """Keep a green run's certificate, durably, in place of an older one of its drill. Raises OSError."""
    others = [known for known in _known(directory) if known.drill != certificate.drill]
    _write(directory, [*others, certificate])


def withdraw(directory: Path, drill: str) -> None:
    """Take a drill's certificate back, durably. Raises OSError: the caller must say that it still stands."""
    known = _known(directory)
    others = [certificate for certificate in known if certificate.drill != drill]
    if len(others) < len(known):
        _write(directory, others)


def certificate_status(
    directory: Path, config: Config, machine: str, version: str, utc_now: str
) -> tuple[CertificateStatus, ...]:
    """Each mandatory drill of ``config``, and whether its certificate in ``directory`` is current at ``utc_now``."""
    try:
        known, problem = {certificate.drill: certificate for certificate in read(directory)}, ""
    except CertificateError as error:
        known, problem = {}, str(error)
    return tuple(
        _status(drill, known.get(drill), problem, config, machine, version, utc_now)
        for drill in config.drills.mandatory
    )


def read(directory: Path) -> tuple[Certificate, ...]:
    """The certificates; none when there is no file yet. Raises CertificateError for one that is not sound."""
    path = directory / NAME
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, RecursionError) as error:
        raise CertificateError(f"{path} cannot be read ({error})") from error
    try:
        return _decoded(content)
    except (TypeError, ValueError) as error:
        raise CertificateError(f"{path} is damaged or was changed ({error})") from error


def _decoded(content: Any) -> tuple[Certificate, ...]:
    if set(content) != {"schema", "certificates", "digest"} or content["schema"] != SCHEMA:
        raise ValueError(f"it is not of schema {SCHEMA}")
    if content["digest"] != _digest(content["certificates"]):
        raise ValueError("its checksum does not fit")
    made = tuple(Certificate(**entry) for entry in content["certificates"])
    if not all(isinstance(value, str) for certificate in made for value in asdict(certificate).values()):
        raise ValueError("it holds something else than text")
    return made


def _status(
    drill: str,
    certificate: Certificate | None,
    problem: str,
    config: Config,
    machine: str,
    version: str,
    utc_now: str,
) -> CertificateStatus:
    if certificate is None:
        title = drill.replace("-", " ").capitalize()
        return CertificateStatus(drill, title, False, f"due: {problem or 'it has not passed here yet'}")
    due = _due(certificate, config, machine, version, utc_now)
    detail = f"due: {due}" if due else f"passed {certificate.utc}"
    return CertificateStatus(drill, certificate.title, not due, detail)


def _due(certificate: Certificate, config: Config, machine: str, version: str, utc_now: str) -> str | None:
    """Why a certificate does not count; None when it does."""
    if certificate.machine != machine:
        return "it passed on another machine"
    if certificate.version != version:
        return f"it passed with version {certificate.version}, this is {version}"
    if certificate.config != drilled_config(config):
        return "the configuration has changed since it passed"
    try:
        age = _time(utc_now) - _time(certificate.utc)
    except ValueError:
        return "the time at which it passed cannot be read"
    if age < -FUTURE_SLACK:
        return f"it is dated in the future ({certificate.utc}): check the machine's clock"
    if age > timedelta(days=config.drills.valid_days):
        return f"it passed {age.days} days ago, and counts for {config.drills.valid_days:g}"
    return None


def _time(utc: str) -> datetime:
    at = datetime.fromisoformat(utc)
    if at.tzinfo is None:
        raise ValueError(f"{utc} names no time zone")
    return at.astimezone(UTC)


def _known(directory: Path) -> tuple[Certificate, ...]:
    """What can be kept of the file; one that is damaged is put aside, since none of it counts any more."""
    try:
        return read(directory)
    except CertificateError:
        (directory / NAME).replace(directory / f"{NAME}.damaged")
        return ()


def _write(directory: Path, certificates: list[Certificate]) -> None:
    entries = [asdict(certificate) for certificate in sorted(certificates, key=lambda one: one.drill)]
    content = {"schema": SCHEMA, "certificates": entries, "digest": _digest(entries)}
    directory.mkdir(parents=True, exist_ok=True)
    replace_file(directory / NAME, (json.dumps(content, indent=1) + "\n").encode())


def _digest(entries: Any) -> str:
    return sha256(json.dumps(entries, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _first_line(path: Path) -> str | None:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None
