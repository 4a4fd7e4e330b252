"""`pitboss check --risk`: compares the risk state with the journals of its profile, and mends it from them."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from app.commands.common import EXIT_FAILED
from engine.config import Config
from engine.risk.reconstruct import reconstruct
from engine.risk.state import RiskState, RiskStateError
from engine.risk.store import RISK_NAME, is_begun, load, replace_state
from engine.safety.instance import InstanceLock
from engine.session.risk_history import chain

FIGURES = {
    "session_id": "session",
    "session_result": "result of the session, chips",
    "hands": "hands of the session",
    "total_result": "result over all sessions, chips",
    "bankroll": "bankroll, chips",
    "at_risk": "in a hand left open, chips",
}
COMPARED = ("session_result", "hands", "total_result")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the state file says (None with its ``problem``), what the journals say, and which journals these were."""

    state: RiskState | None
    problem: str
    journals: RiskState
    names: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """Whether every figure that a limit is held against is the same."""
        if self.state is None:
            return not self.problem and not any(getattr(self.journals, name) for name in COMPARED)
        return all(getattr(self.state, name) == getattr(self.journals, name) for name in COMPARED)


def check_risk(config: Config, directory: Path, *, repair: bool, as_json: bool) -> int:
    """Compare, and mend when asked to: 0 when equal or mended, 1 when not.

    Raises AlreadyRunningError, UnreadableJournalError or RiskStateError.
    """
    with InstanceLock(directory):
        found = compare(directory)
        kept = _repair(directory, found) if repair and not found.equal else None
    report = _report(config, directory, found, kept)
    print(json.dumps(report, indent=1) if as_json else _told(report))
    return 0 if found.equal or report["repaired"] else EXIT_FAILED


def compare(directory: Path) -> Comparison:
    """The two sides of a profile directory. UnreadableJournalError when the second cannot be computed."""
    path = directory / RISK_NAME
    state, problem = None, ""
    try:
        state = load(path)
        if state is None and is_begun(path):
            problem = f"the risk state {path} is missing, and a count was begun here"
    except RiskStateError as error:
        problem = str(error)
    parts = chain(directory / "journals")
    journals = reconstruct(parts)
    if state is not None and state.session_id > max((part.name for part in parts if part.says_anything), default=""):
        journals = journals.begin(state.session_id)  # begun after the last journal: its own has nothing to say yet
    return Comparison(state, problem, journals, tuple(part.name for part in parts))


def _repair(directory: Path, found: Comparison) -> Path:
    """Write what the journals say; the name under which the old file is kept."""
    path = directory / RISK_NAME
    kept = path.with_name(f"{path.name}.{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}")
    mended = found.journals
    if found.state is not None:
        hand = found.state.open_hand
        mended = replace(mended if hand is None else mended.at_risk(hand.hand_id, hand.chips), stop=found.state.stop)
    replace_state(path, mended, kept)
    return kept


def _report(config: Config, directory: Path, found: Comparison, kept: Path | None) -> dict[str, object]:
    return {
        "file": str(directory / RISK_NAME),
        "equal": found.equal,
        "repaired": kept is not None,
        "kept": str(kept) if kept is not None and kept.exists() else None,
        "problem": found.problem,
        "state": None if found.state is None else _figures(config, found.state),
        "journals": _figures(config, found.journals),
        "journals_read": list(found.names),
    }


def _figures(config: Config, state: RiskState) -> dict[str, object]:
    figures = asdict(state)
    figures["bankroll"] = config.risk.bankroll + state.total_result
    figures["at_risk"] = state.open_hand.chips if state.open_hand else 0
    return {name: figures[name] for name in FIGURES}


def _told(report: dict[str, object]) -> str:
    lines = [f"{'':32} {'state file':>24} {'journals':>24}"]
    state, journals = report["state"], report["journals"]
    assert isinstance(journals, dict)
    for name, words in FIGURES.items():
        said = state[name] if isinstance(state, dict) else "-"
        mark = " differs" if name in COMPARED and said != journals[name] else ""
        lines.append(f"{words:32} {said!s:>24} {journals[name]!s:>24}{mark}")
    return "\n".join([*lines, *_verdict(report)])


def _verdict(report: dict[str, object]) -> list[str]:
    if report["repaired"]:
        kept = report["kept"] or "there was none to keep"
        return [f"repaired: {report['file']} now says what the journals say", f"the old file: {kept}"]
    if report["equal"]:
        return ["the risk state and the journals agree", *_open_hand(report)]
    problem = report["problem"] or "the risk state and the journals differ"
    return [f"NOT OK {problem}", "`pitboss check --risk --repair` writes what the journals say and keeps the old file"]


def _open_hand(report: dict[str, object]) -> list[str]:
    journals = report["journals"]
    assert isinstance(journals, dict)
    return ["the hand left open counts as lost when the program starts"] if journals["at_risk"] else []
