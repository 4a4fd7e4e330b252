"""A whole session in virtual time: the real table's game and log, the real tracker and journal, perfect eyes."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.practice.amount_field import opened
from app.practice.dealer import Dealer, TableOptions, Waiting
from app.practice.presenter import content, facts, hero_legal, table_view
from app.practice.truth_log import TruthLog
from app.practice.view import FieldView
from engine.clock import MILLISECOND, VirtualClock
from engine.execution.gestures import Gesture, as_intent, next_gesture
from engine.game.actions import Action, ActionKind, LegalActions
from engine.game.state import TableState
from engine.records.journal import SqliteJournal
from engine.session.follower import hand_row
from engine.vision.tracker import FinishedHand, Tracker
from engine.words import (
    Box,
    ControlReading,
    Decision,
    GestureKind,
    Intent,
    Observation,
    PressReport,
    Reading,
    ReceiptStatus,
    SeatReading,
    WindowInfo,
)

WINDOW = WindowInfo(7, "Pitboss Practice Table", "pitboss-table", Box(100, 50, 960, 600))
NOWHERE = Box(0, 0, 1, 1)
PLACES = {"fold": 0, "check": 1, "call": 1, "bet": 2, "raise": 2, "all-in": 3, "amount": 4}

Change = Callable[[dict[str, Any]], dict[str, Any]]


def known(value: Any) -> Reading[Any]:
    return Reading(value, 1.0, NOWHERE)


def observation(line: dict[str, Any], sequence: int, captured_at: int) -> Observation:
    """What perfect eyes read from a "state" line's picture."""
    return Observation(
        sequence=sequence,
        captured_at=captured_at,
        window=WINDOW,
        scale=1.0,
        hand_number=known(line["hand_number"]),
        hole=tuple(known(card) for card in [*line["hole"], "", ""][:2]),
        board=tuple(known(card) for card in [*line["board"], "", "", "", "", ""][:5]),
        pot=known(line["pot"]),
        seats=tuple(
            SeatReading(seat["seat"], known(seat["status"]), known(seat["stack"]), known(seat["bet"]))
            for seat in line["seats"]
        ),
        button=known(line["button"]),
        turn=known(line["turn"]),
        controls=tuple(
            ControlReading(
                control["kind"],
                known(control["enabled"]),
                known(control["amount"]),
                Box(100 * PLACES[control["kind"]], 500, 90, 40),
            )
            for control in line["controls"]
        ),
        confidence=1.0,
        weakest="pot",
        view_id=sequence,
    )


class TableSession:
    """Plays ``hands`` hands at the table and leaves ``journal`` and ``truth`` files behind."""

    def __init__(self, directory: Path, seed: int, hands: int = 2, players: int = 4) -> None:
        self.clock = VirtualClock(10**12)
        self.truth = directory / "truth.jsonl"
        self.log = TruthLog(self.truth)
        self.record = SqliteJournal(directory, f"session-{seed}", self.clock)
        self.journal = self.record.path
        options = TableOptions(players=players, seed=seed, hands=hands)
        self.dealer = Dealer(options, lambda kind, data: self.log.write(kind, data, self.clock.now()))
        self.tracker = Tracker(options.small_blind, options.big_blind, "s")
        self.chance = random.Random(seed)
        self.sequence = 0
        self.intents = 0
        self.seen: Observation | None = None
        self.state: TableState | None = None

    def play(self) -> None:
        while self.dealer.waiting is not Waiting.DONE:
            if self.dealer.waiting is Waiting.HERO:
                self.hero_turn()
            else:
                self.dealer.step()
                legal = hero_legal(self.dealer)
                self.show(FieldView() if legal is None else opened(legal.min_to))
        self.record.record("event", {"text": "done"})
        assert self.record.close()
        self.log.close()

    def show(self, field: FieldView) -> None:
        """The picture stays for 400 ms and is captured in its middle."""
        line = content(table_view(self.dealer, field)) | facts(self.dealer) | {"disturbed": "none"}
        self.sequence += 1
        self.log.write("state", {"seq": self.sequence} | line, self.clock.now())
        self.clock.sleep(200 * MILLISECOND)
        self.seen = observation(line, self.sequence, self.clock.now())
        self.record.record("observation", {"observation": self.seen})
        tracked = self.tracker.update(self.seen)
        self.state = tracked.state
        if tracked.finished is not None:
            self.finish(tracked.finished)
        self.clock.sleep(200 * MILLISECOND)

    def finish(self, finished: FinishedHand) -> None:
        self.record.record("hand", {"hand": hand_row(finished)})

    def hero_turn(self) -> None:
        legal = hero_legal(self.dealer)
        assert legal is not None
        if self.state is None or self.state.legal is None:
            self.dealer.step()
            self.show(FieldView())
            return
        action = self.choose(legal)
        final = False
        while not final:
            assert self.seen is not None
            gesture = next_gesture(action, legal, self.seen)
            final = gesture.final
            self.press(gesture, action)
        self.dealer.act(action)
        self.clock.sleep(5 * MILLISECOND)
        self.show(FieldView())

    def choose(self, legal: LegalActions) -> Action:
        if legal.can_raise and self.chance.random() < 0.4:
            amount = self.chance.choice([legal.min_to, legal.max_to, (legal.min_to + legal.max_to) // 2])
            return Action(ActionKind.BET if legal.opening else ActionKind.RAISE, amount)
        return Action(ActionKind.CHECK) if legal.can_check else Action(ActionKind.CALL, legal.call_amount)

    def press(self, gesture: Gesture, action: Action) -> None:
        assert self.seen is not None
        assert self.state is not None
        self.intents += 1
        intent = as_intent(gesture, self.intents, self.state, self.seen)
        decision = Decision(self.state.hand_id, action, (), ("because",), "baseline", 1.0, 1, False)
        row = {"intent": intent, "observation": self.seen, "state": self.state, "decision": decision}
        assert self.record.commit("intent", row, 20_000 * MILLISECOND)
        self.clock.sleep(60 * MILLISECOND)
        began = self.clock.now()
        self.log.write("press", self.press_line(intent, "left"), began)
        if intent.kind is GestureKind.ENTER_AMOUNT:
            for key in ["A", *intent.text]:
                self.clock.sleep(5 * MILLISECOND)
                self.log.write("press", self.press_line(intent, "key") | {"key": key}, self.clock.now())
        self.clock.sleep(30 * MILLISECOND)
        report = PressReport(intent.intent_id, ReceiptStatus.PRESSED, "", began, self.clock.now())
        self.record.record("press", {"report": report})
        if intent.kind is GestureKind.ENTER_AMOUNT:
            self.show(FieldView(intent.text, enabled=True, focused=True))

    @staticmethod
    def press_line(intent: Intent, button: str) -> dict[str, object]:
        return {
            "x": intent.x - WINDOW.box.x,
            "y": intent.y - WINDOW.box.y,
            "screen_x": intent.x + 1,
            "screen_y": intent.y,
            "button": button,
            "control": intent.purpose,
            "used": True,
            "reason": "",
        }
