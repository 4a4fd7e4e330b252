"""After a session: its journal against the practice table's ground-truth log.

Run in a process of its own, ``python -m engine.evaluation.truth JOURNAL TRUTH``: JSON on the standard output, exit
code 0 when all agrees, 1 on any mismatch, 2 when a file cannot be read.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from engine.evaluation.elements import history_line, history_of
from engine.evaluation.presses import compare_presses
from engine.evaluation.session_record import Record, read_record
from engine.evaluation.sights import Pictures, compare_acted, compare_observation, unread
from engine.evaluation.truth_log import Truth, TruthLogError, read_truth
from engine.records.chain import JournalError
from engine.records.encoding import DecodingError
from engine.records.journal_reading import verify
from engine.records.rows import HandRow


@dataclass(frozen=True, slots=True)
class TruthReport:
    """Counts of what was compared, and in words everything that does not agree.

    ``states_acted_on`` counts intents. ``stable`` counts undisturbed pictures shown for 250 ms or longer while the
    eyes were open, ``unread`` names those not fully read: a shortfall, not a mismatch.
    """

    states_acted_on: int
    states_wrong: tuple[str, ...]
    observations: int
    observations_wrong: tuple[str, ...]
    stable: int
    unread: tuple[str, ...]
    presses_sent: int
    presses_found: int
    presses_missing: tuple[str, ...]
    presses_foreign: tuple[str, ...]
    illegal: tuple[str, ...]
    actions: int
    actions_wrong: tuple[str, ...]
    hands: int
    hands_wrong: tuple[str, ...]
    chips_wrong: tuple[str, ...]
    journal_wrong: tuple[str, ...]

    @property
    def read_share(self) -> float | None:
        """Share of the stable pictures that were fully read; None when there were none."""
        return (self.stable - len(self.unread)) / self.stable if self.stable else None

    @property
    def chips_conserved(self) -> bool:
        return not self.chips_wrong

    @property
    def mismatches(self) -> int:
        """Everything that does not agree, counted."""
        return sum(len(value) for name, value in asdict(self).items() if isinstance(value, tuple) and name != "unread")

    def to_json(self) -> dict[str, Any]:
        """The report as a JSON object."""
        derived = {
            "mismatches": self.mismatches,
            "read_share": self.read_share,
            "chips_conserved": self.chips_conserved,
        }
        return derived | asdict(self)


def compare(journal: Path, truth: Path) -> TruthReport:
    """Compare a session's journal with the table's log. Raises JournalError, DecodingError or TruthLogError."""
    record, told = read_record(journal), read_truth(truth)
    pictures = Pictures(told.shown)
    acted = {f"intent {row.intent.intent_id}": compare_acted(pictures, row) for _, row in record.intents}
    seen = {f"observation {one.sequence}": compare_observation(pictures, one) for one in record.observations}
    stable, not_read = unread(pictures, record.observations, record.until)
    presses = compare_presses(record, told)
    return TruthReport(
        states_acted_on=len(record.intents),
        states_wrong=_named(acted),
        observations=len(record.observations),
        observations_wrong=_named(seen),
        stable=stable,
        unread=tuple(not_read),
        presses_sent=presses.sent,
        presses_found=len(presses.found),
        presses_missing=tuple(presses.missing),
        presses_foreign=tuple(presses.foreign),
        illegal=tuple(presses.illegal),
        actions=presses.actions,
        actions_wrong=tuple(presses.actions_wrong),
        hands=len(record.hands),
        hands_wrong=tuple(_wrong_hands(record, told)),
        chips_wrong=tuple(_wrong_chips(told)),
        journal_wrong=tuple(verify(journal)),
    )


def _named(findings: dict[str, str]) -> tuple[str, ...]:
    return tuple(f"{name}: {finding}" for name, finding in findings.items() if finding)


def _wrong_hands(record: Record, truth: Truth) -> list[str]:
    """Completed hands whose actions or final stacks are not the table's."""
    ends = {line["hand_number"]: line for line in truth.hand_ends}
    lines: list[str] = []
    for hand in record.hands:
        if hand.completed:
            lines += [f"hand {hand.table_hand_number}: {line}" for line in _hand_differences(hand, truth, ends)]
    return lines


def _hand_differences(hand: HandRow, truth: Truth, ends: dict[int, dict[str, Any]]) -> list[str]:
    end = ends.get(hand.table_hand_number)
    if end is None:
        return ["recorded as completed, not ended in the table's log"]
    made = history_of(line for line in truth.actions if line["hand_number"] == hand.table_hand_number)
    recorded = [history_line(record) for record in hand.history]
    stacks = {int(seat): stack for seat, stack in end["stacks"].items()}
    differences = [] if made == recorded else [f"actions: made {made}, recorded {recorded}"]
    if hand.end_stacks is not None and hand.end_stacks != {seat: stacks[seat] for seat in hand.end_stacks}:
        differences.append(f"stacks: ended {stacks}, recorded {hand.end_stacks}")
    return differences


def _wrong_chips(truth: Truth) -> list[str]:
    """Hands in which chips appeared or vanished, rebuys before a hand allowed for."""
    bought: dict[int, int] = {}
    for line in truth.rebuys:
        bought[line["hand_number"]] = bought.get(line["hand_number"], 0) + line["amount"]
    wrong, before, number = [], None, 0
    for end in truth.hand_ends:
        added = sum(chips for hand, chips in bought.items() if number <= hand < end["hand_number"])
        if before is not None and end["chips_total"] != before + added:
            wrong.append(f"hand {end['hand_number']}: {before} chips and {added} bought became {end['chips_total']}")
        before, number = end["chips_total"], end["hand_number"]
    return wrong


def main(argv: Sequence[str]) -> int:
    """The command line: print the report as JSON; 0 agrees, 1 mismatches, 2 unreadable."""
    parser = argparse.ArgumentParser("engine.evaluation.truth", description="A session's journal against the truth.")
    parser.add_argument("journal", type=Path)
    parser.add_argument("truth", type=Path)
    options = parser.parse_args(argv)
    try:
        report = compare(options.journal, options.truth)
    except (JournalError, DecodingError, TruthLogError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(json.dumps(report.to_json(), indent=2) + "\n")
    return 1 if report.mismatches else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
