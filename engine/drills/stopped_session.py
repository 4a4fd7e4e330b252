"""Validates the journal of a stopped session: whole, and each decision the one that its seed leads to.

It stands in for a full replay, which solves every spot again: here the recorded distribution is drawn from anew.
"""

from dataclasses import dataclass
from pathlib import Path

from engine.game.actions import IllegalActionError
from engine.game.state import TableState
from engine.records.encoding import decode
from engine.records.journal_reading import JournalRow, read, verify
from engine.strategy.safe_action import safe_action
from engine.strategy.selection import draw, hand_seed, select
from engine.words import Decision


@dataclass(frozen=True, slots=True)
class Validation:
    """What was found: decisions that were made again, and everything that is wrong, in words."""

    decisions: int
    problems: tuple[str, ...]


def validate(journal: Path, session_id: str) -> Validation:
    """Verify the journal's chain and make every decision of it again. Raises JournalError or DecodingError."""
    problems = list(verify(journal))
    rows = list(read(journal, "decision"))
    for row in rows:
        if problem := _problem(row, session_id):
            problems.append(f"row {row.seq}: {problem}")
    return Validation(len(rows), tuple(problems))


def _problem(row: JournalRow, session_id: str) -> str:
    decision = decode(Decision, row.data["decision"], f"row {row.seq}")
    state = decode(TableState, row.data["state"], f"row {row.seq}")
    if state.legal is None:
        return "nobody was to act"
    try:
        state.legal.check(decision.action)
    except IllegalActionError as error:
        return str(error)
    if decision.fallback or not decision.distribution:
        safe = safe_action(state.legal)
        return "" if decision.action == safe or decision.source == "safe" else f"{decision.action} is not {safe}"
    if decision.seed != hand_seed(state.hand_id, session_id):
        return "its seed is not the hand's"
    shares = [value.frequency for value in decision.distribution]
    again = decision.distribution[select(shares, draw(decision.seed, len(state.history)))].action
    return "" if again == decision.action else f"{decision.action} was played, its seed leads to {again}"
