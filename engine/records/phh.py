"""Hand histories for exchange: a finished hand as PHH (Kim, "Recording and describing poker hands", 2024).

Cards that nobody showed are ``????``. Where the winner's cards are unknown the showdown cannot be replayed; the file
then ends with the last card dealt, and its finishing stacks say how the hand ended.
"""

import re
from pathlib import Path

from pokerkit import HandHistory, State
from pokerkit.notation import parse_action

from engine.game.actions import ActionKind
from engine.game.state import ActionRecord, Street
from engine.records.encoding import DecodingError, decode
from engine.records.journal_reading import read
from engine.records.rows import HAND, HandRow

UNKNOWN_CARD = "??"
UNKNOWN_CARDS = UNKNOWN_CARD * 2


class PhhError(ValueError):
    """A hand that cannot be written as PHH: incomplete, or not possible by the rules."""


def export(journal: Path, directory: Path) -> list[Path]:
    """Write every completed hand of a journal as ``<hand id>.phh`` into ``directory``; the files written.

    Raises PhhError, after all sound hands are written, when some are not.
    """
    directory.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    refused: list[str] = []
    for row in read(journal, HAND):
        try:
            hand = decode(HandRow, row.data["hand"], f"row {row.seq}")
            if hand.completed:
                written.append(_write(hand, directory))
        except (PhhError, DecodingError, KeyError) as error:
            refused.append(f"row {row.seq}: {error}")
    if refused:
        raise PhhError(f"{len(written)} hands were written to {directory}; refused: {'; '.join(refused)}")
    return written


def _write(hand: HandRow, directory: Path) -> Path:
    path = directory / f"{re.sub(r'[^A-Za-z0-9._-]', '_', hand.hand_id)}.phh"
    path.write_text(to_phh(hand), encoding="utf-8")
    return path


def to_phh(hand: HandRow) -> str:
    """The text of one completed hand. Raises PhhError when it is incomplete or its actions break the rules."""
    if not hand.completed or hand.end_stacks is None:
        raise PhhError(f"hand {hand.hand_id} was not seen to its end")
    history = HandHistory(
        variant="NT",
        antes=[0] * len(hand.order),
        blinds_or_straddles=[hand.small_blind, hand.big_blind] + [0] * (len(hand.order) - 2),
        min_bet=hand.big_blind,
        starting_stacks=[hand.start_stacks[seat] for seat in hand.order],
        actions=[],
        hand=hand.table_hand_number,
        seats=[seat + 1 for seat in hand.order],
        players=["Hero" if seat == hand.hero else f"Seat {seat + 1}" for seat in hand.order],
        finishing_stacks=[hand.end_stacks[seat] for seat in hand.order],
        user_defined_fields={"_hand_id": hand.hand_id},
    )
    try:
        history.actions = _Actions(hand, hand.end_stacks, history.create_state()).written()
    except ValueError as error:
        raise PhhError(f"hand {hand.hand_id} is against the rules: {error}") from error
    return str(history.dumps()) + "\n"


class _Actions:
    """Writes a hand's actions and plays each by the rules as it is written. ValueError from PokerKit when it cannot."""

    def __init__(self, hand: HandRow, end_stacks: dict[int, int], state: State) -> None:
        self._hand = hand
        self._end_stacks = end_stacks
        self._state = state
        self._lines: list[str] = []
        self._hidden = False

    def written(self) -> list[str]:
        for seat in self._hand.order:
            self._play(f"d dh {self._player(seat)} {self._cards(seat)}")
        for street in Street:
            self._board(street)
            for record in self._hand.history:
                if record.street is street:
                    self._play(self._action(record))
        self._showdown()
        return self._lines

    def _play(self, line: str) -> None:
        if not self._hidden:
            if self._state.can_burn_card():
                self._state.burn_card(UNKNOWN_CARD)
            parse_action(self._state, line)
        self._lines.append(line)

    def _board(self, street: Street) -> None:
        dealt = Street(max(0, street - 1)).board_cards
        if cards := self._hand.board[dealt : street.board_cards]:
            self._showdown()
            self._play(f"d db {''.join(cards)}")

    def _showdown(self) -> None:
        """Shown and mucked cards, when they are due; once the rules need cards that nobody showed, none are."""
        while self._state.showdown_index is not None and not self._hidden:
            self._hidden = not all(self._can_be_told(seat) for seat in self._live)
            if not self._hidden:
                seat = self._hand.order[self._state.showdown_index]
                self._play(f"{self._player(seat)} sm {self._shown(seat)}".strip())

    @property
    def _live(self) -> list[int]:
        return [seat for seat in self._hand.order if seat not in self._hand.folded]

    def _can_be_told(self, seat: int) -> bool:
        """Whether his cards are known, or he lost at the end and may have kept them to himself."""
        last_card_dealt = len(self._state.board_cards) == Street.RIVER.board_cards
        return bool(self._shown(seat)) or (last_card_dealt and not self._won(seat))

    def _won(self, seat: int) -> bool:
        return self._end_stacks[seat] > self._state.stacks[self._hand.order.index(seat)]

    def _shown(self, seat: int) -> str:
        cards = self._cards(seat)
        return "" if cards == UNKNOWN_CARDS else cards

    def _player(self, seat: int) -> str:
        return f"p{self._hand.order.index(seat) + 1}"

    def _cards(self, seat: int) -> str:
        cards = self._hand.hole if seat == self._hand.hero else self._hand.shown.get(seat, ())
        return "".join(cards) or UNKNOWN_CARDS

    def _action(self, record: ActionRecord) -> str:
        match record.action.kind:
            case ActionKind.FOLD:
                return f"{self._player(record.seat)} f"
            case ActionKind.CHECK | ActionKind.CALL:
                return f"{self._player(record.seat)} cc"
            case _:
                return f"{self._player(record.seat)} cbr {record.action.amount}"
