"""The journal's file format: its schema, and the chain of digests that shows a changed, dropped or moved row."""

import hashlib
import json
from typing import Any

SCHEMA_VERSION = 1
APPLICATION_ID = 0x50495442  # "PITB", what file(1) and SQLite's own tools see
FIRST_PREVIOUS = bytes(32)
CREATE = (
    "CREATE TABLE rows(seq INTEGER PRIMARY KEY, at INTEGER, utc TEXT, kind TEXT, data TEXT, previous BLOB, digest BLOB)"
)
OPENED = "opened"
SEALED = "sealed"


class JournalError(RuntimeError):
    """A journal that cannot be written or read; the message says what to do."""


def canonical(value: Any) -> str:
    """JSON in the one form that is stored and digested: sorted keys, no spaces, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def row_digest(previous: bytes, seq: int, at: int, utc: str, kind: str, data: str) -> bytes:
    """SHA-256 over the digest of the row before and this row's content."""
    content = json.dumps([seq, at, utc, kind, data], separators=(",", ":"), default=repr)
    return hashlib.sha256(previous + content.encode()).digest()
