"""Every press that was sent against every press that the table received, and the actions that came of them."""

from dataclasses import dataclass, field
from typing import Any

from engine.clock import MILLISECOND, SECOND
from engine.evaluation.session_record import Record
from engine.evaluation.truth_log import FOREVER, Truth
from engine.game.actions import Action, ActionKind, IllegalActionError
from engine.records.rows import IntentRow
from engine.words import GestureKind, PressReport, ReceiptStatus

SLACK = 80 * MILLISECOND
LATE = 600 * MILLISECOND
"""How much later than it was sent a table on a busy machine may take in a press, or one key of several."""
NEAR = 2
"""Pixels between where a press was aimed and where the table received it."""


@dataclass(slots=True)
class PressFindings:
    """``found`` maps intent ids to the press in the log; the lists say in words what does not agree."""

    sent: int = 0
    found: dict[int, dict[str, Any]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    illegal: list[str] = field(default_factory=list)
    actions: int = 0
    actions_wrong: list[str] = field(default_factory=list)


def compare_presses(record: Record, truth: Truth) -> PressFindings:
    """Find each press that was sent in the table's log, and what in the log was not sent."""
    findings = PressFindings()
    unclaimed = list(truth.presses)
    following = [at for at, _ in record.intents[1:]] + [FOREVER]
    for (at, row), next_at in zip(record.intents, following, strict=False):
        begin, end = _span(at, record.reports.get(row.intent.intent_id))
        within = [press for press in unclaimed if begin - SLACK <= press["t"] <= min(end + LATE, next_at)]
        _claim(findings, row, record.reports.get(row.intent.intent_id), within, unclaimed)
        _check_legal(findings, row)
    findings.foreign = [_described(press) for press in unclaimed]
    _compare_actions(findings, record, truth)
    return findings


def _claim(
    findings: PressFindings,
    row: IntentRow,
    report: PressReport | None,
    inside: list[dict[str, Any]],
    unclaimed: list[dict[str, Any]],
) -> None:
    """Take an intent's mouse press, and the keys of an amount, out of what is unclaimed; ``inside`` is of its time."""
    intent = row.intent
    sent = report is not None and report.status is ReceiptStatus.PRESSED
    findings.sent += sent
    press = next((press for press in inside if _is_at(press, intent.x, intent.y)), None)
    if press is not None:
        findings.found[intent.intent_id] = press
        _check_press(findings, row, press)
    elif sent:
        findings.missing.append(f"intent {intent.intent_id} ({intent.purpose}): pressed, not in the table's log")
    keys = [press for press in inside if intent.kind is GestureKind.ENTER_AMOUNT and _is_amount_key(press)]
    if sent and press is not None and (typed := _digits(keys)) != intent.text:
        findings.missing.append(f"intent {intent.intent_id}: typed {intent.text}, the table received {typed!r}")
    for claimed in keys if press is None else [press, *keys]:
        unclaimed.remove(claimed)


def _span(at: int, report: PressReport | None) -> tuple[int, int]:
    """When an intent's press can have been made; without the actuator's word, within a second of the intent."""
    if report is None or report.status is ReceiptStatus.LOST:
        return at, at + SECOND
    return report.pressed_at or at, report.ended_at


def _is_at(press: dict[str, Any], x: int, y: int) -> bool:
    if press["button"] == "key":
        return False
    distance: int = max(abs(press["screen_x"] - x), abs(press["screen_y"] - y))
    return distance <= NEAR


def _is_amount_key(press: dict[str, Any]) -> bool:
    return bool(press["button"] == "key" and press["control"] == "amount")


def _digits(keys: list[dict[str, Any]]) -> str:
    return "".join(key["key"] for key in keys if key["key"].isdigit())


def _check_press(findings: PressFindings, row: IntentRow, press: dict[str, Any]) -> None:
    intent = row.intent
    if press["control"] != intent.purpose:
        findings.illegal.append(f"intent {intent.intent_id}: aimed at {intent.purpose}, landed on {press['control']!r}")
    elif not press["used"]:
        findings.illegal.append(f"intent {intent.intent_id} ({intent.purpose}): not taken: {press.get('reason', '')}")


def _check_legal(findings: PressFindings, row: IntentRow) -> None:
    try:
        if row.state.legal is None:
            raise IllegalActionError("nobody was to act")
        row.state.legal.check(row.decision.action)
    except IllegalActionError as error:
        findings.illegal.append(f"intent {row.intent.intent_id}: {error}")


def _compare_actions(findings: PressFindings, record: Record, truth: Truth) -> None:
    """Each of the hero's actions comes of one press of ours and is the action decided on."""
    pressed = {
        findings.found[row.intent.intent_id]["t"]: row.decision.action
        for _, row in record.intents
        if row.intent.intent_id in findings.found and row.intent.kind is GestureKind.CLICK
    }
    for line in truth.actions:
        if line.get("by") == "hero":
            findings.actions += 1
            _compare_action(findings, line, pressed)


def _compare_action(findings: PressFindings, line: dict[str, Any], pressed: dict[int, Action]) -> None:
    made = Action(ActionKind(line["action"]), line["amount"])
    at = max((at for at in pressed if line["t"] - SECOND <= at <= line["t"]), default=None)
    if at is None:
        findings.actions_wrong.append(f"hand {line['hand_number']}: {made} was made and not by a press of ours")
    elif (decided := pressed.pop(at)) != made:
        findings.actions_wrong.append(f"hand {line['hand_number']}: decided {decided}, the table took {made}")


def _described(press: dict[str, Any]) -> str:
    what = f"key {press.get('key', '')}" if press["button"] == "key" else f"{press['button']} button"
    return f"{what} on {press['control'] or 'nothing'} at {press['x']},{press['y']}, t {press['t']}: not sent by us"
