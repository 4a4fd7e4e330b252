"""Hand histories: every finished hand reads back in PokerKit and plays to the same end."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pokerkit import Automation, HandHistory, HoleDealing, Mode, NoLimitTexasHoldem, State

from engine.game.actions import Action, ActionKind
from engine.game.state import ActionRecord, Street
from engine.records.journal import SqliteJournal
from engine.records.phh import PhhError, export, to_phh
from engine.records.rows import HandRow

AUTOMATIONS = (
    Automation.ANTE_POSTING,
    Automation.BET_COLLECTION,
    Automation.BLIND_OR_STRADDLE_POSTING,
    Automation.CARD_BURNING,
    Automation.HOLE_DEALING,
    Automation.BOARD_DEALING,
    Automation.RUNOUT_COUNT_SELECTION,
    Automation.HOLE_CARDS_SHOWING_OR_MUCKING,
    Automation.HAND_KILLING,
    Automation.CHIPS_PUSHING,
    Automation.CHIPS_PULLING,
)


def play(seats: list[int], stacks: list[int], chance: random.Random, show: bool = True) -> HandRow:
    """A random hand by PokerKit's rules as the journal would hold it; ``seats`` from the one after the button."""
    random.seed(chance.random())  # PokerKit shuffles by the module's own generator
    state = NoLimitTexasHoldem.create_state(
        AUTOMATIONS, True, 0, (10, 20), 20, tuple(stacks), len(seats), mode=Mode.CASH_GAME
    )
    known: dict[int, tuple[str, ...]] = dict.fromkeys(seats, ())
    for operation in state.operations:
        if isinstance(operation, HoleDealing):
            known[seats[operation.player_index]] += tuple(map(repr, operation.cards))
    records = []
    while state.actor_index is not None:
        seat, street, action = seats[state.actor_index], Street(state.street_index or 0), act(state, chance)
        records.append(ActionRecord(seat, street, action))
    board = tuple(repr(card) for cards in state.board_cards for card in cards)
    live = {record.seat for record in records if record.action.kind is ActionKind.FOLD} ^ set(seats)
    return HandRow(
        hand_id="20260102T030405Z-ab12-7",
        table_hand_number=7,
        hero=0,
        button=seats[-1],
        small_blind=10,
        big_blind=20,
        start_stacks=dict(zip(seats, stacks, strict=True)),
        end_stacks=dict(zip(seats, state.stacks, strict=True)),
        hole=known[0],
        board=board,
        shown={seat: known[seat] for seat in live if seat} if show and len(live) > 1 else {},
        history=tuple(records),
        completed=True,
    )


def act(state: State, chance: random.Random) -> Action:
    owed = state.checking_or_calling_amount
    choice = chance.random()
    if choice < 0.15 and state.can_fold():
        state.fold()
        return Action(ActionKind.FOLD)
    if choice > 0.6 and state.can_complete_bet_or_raise_to():
        kind = ActionKind.RAISE if any(state.bets) else ActionKind.BET
        least, most = (
            state.min_completion_betting_or_raising_to_amount,
            state.max_completion_betting_or_raising_to_amount,
        )
        assert least is not None
        assert most is not None
        amount = most if choice > 0.9 else min(most, least + chance.randrange(60))
        state.complete_bet_or_raise_to(amount)
        return Action(kind, amount)
    state.check_or_call()
    return Action(ActionKind.CALL, owed) if owed else Action(ActionKind.CHECK)


def replay(text: str) -> State:
    """The last state of a file as PokerKit reads it; every written action must have been taken as written."""
    history = HandHistory.loads(text)
    taken = [action for _, action in (pair for pair in history.state_actions if pair) if action]
    assert taken == history.actions
    *_, last = HandHistory.loads(text)
    return last


TABLES = [[0, 3], [3, 0], [0, 2, 4], [4, 0, 2], [2, 3, 4, 0], [1, 2, 3, 4, 5, 0]]


@settings(deadline=None)
@given(seats=st.sampled_from(TABLES), seed=st.integers(0, 2**32), short=st.booleans())
def test_a_hand_with_all_cards_shown_replays_to_the_same_stacks(seats: list[int], seed: int, short: bool) -> None:
    chance = random.Random(seed)
    stacks = [chance.randrange(5, 400) if short else 2000 for _ in seats]
    hand = play(seats, stacks, chance)
    assert hand.end_stacks is not None
    assert replay(to_phh(hand)).stacks == [hand.end_stacks[seat] for seat in seats]


@settings(deadline=None)
@given(seats=st.sampled_from(TABLES), seed=st.integers(0, 2**32))
def test_a_hand_with_hidden_cards_loads_and_states_how_it_ended(seats: list[int], seed: int) -> None:
    hand = play(seats, [2000] * len(seats), random.Random(seed), show=False)
    history = HandHistory.loads(to_phh(hand))
    assert hand.end_stacks is not None
    assert history.finishing_stacks == [hand.end_stacks[seat] for seat in seats]
    *_, last = history
    won = {seat for seat in seats if hand.end_stacks[seat] > hand.start_stacks[seat]}
    if won == {0} and len(hand.board) == 5 and hand.history[-1].street is Street.RIVER:
        assert last.stacks == history.finishing_stacks


def example(**changes: object) -> HandRow:
    hand: dict[str, object] = {
        "hand_id": "s-12",
        "table_hand_number": 12,
        "hero": 0,
        "button": 0,
        "small_blind": 10,
        "big_blind": 20,
        "start_stacks": {0: 2000, 3: 1500},
        "end_stacks": {0: 2040, 3: 1460},
        "hole": ("As", "Kd"),
        "board": ("2c", "7d", "9h"),
        "shown": {},
        "history": (
            ActionRecord(0, Street.PREFLOP, Action(ActionKind.RAISE, 40)),
            ActionRecord(3, Street.PREFLOP, Action(ActionKind.CALL, 20)),
            ActionRecord(3, Street.FLOP, Action(ActionKind.CHECK)),
            ActionRecord(0, Street.FLOP, Action(ActionKind.BET, 50)),
            ActionRecord(3, Street.FLOP, Action(ActionKind.FOLD)),
        ),
        "completed": True,
    }
    return HandRow(**(hand | changes))  # type: ignore[arg-type] # a mapping of changed fields


def test_the_file_reads_as_the_hand_was_played() -> None:
    history = HandHistory.loads(to_phh(example()))
    assert history.actions == [
        "d dh p1 ????",
        "d dh p2 AsKd",
        "p2 cbr 40",
        "p1 cc",
        "d db 2c7d9h",
        "p1 cc",
        "p2 cbr 50",
        "p1 f",
    ]
    assert (history.players, history.seats, history.hand) == (["Seat 4", "Hero"], [4, 1], 12)
    assert history.user_defined_fields == {"_hand_id": "s-12"}
    assert replay(to_phh(example())).stacks == [1460, 2040]


def test_actions_against_the_rules_are_refused() -> None:
    with pytest.raises(PhhError, match="against the rules"):
        to_phh(example(history=(ActionRecord(3, Street.PREFLOP, Action(ActionKind.CHECK)),)))


def test_a_hand_without_its_end_is_refused() -> None:
    with pytest.raises(PhhError, match="not seen to its end"):
        to_phh(example(end_stacks=None, completed=False))


def test_a_journal_s_completed_hands_are_written_one_file_each(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "journals", "s")
    for number in (1, 2, 3):
        row = example(hand_id=f"s-{number}", table_hand_number=number, completed=number != 2)
        journal.record("hand", {"hand": row})
    assert journal.close()
    written = export(journal.path, tmp_path / "phh")
    assert [path.name for path in written] == ["s-1.phh", "s-3.phh"]
    for path in written:
        with path.open("rb") as file:
            assert HandHistory.load(file).finishing_stacks == [1460, 2040]


def test_one_impossible_hand_keeps_no_other_from_being_written(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "journals", "s")
    impossible = example(hand_id="s-1", history=(ActionRecord(3, Street.PREFLOP, Action(ActionKind.CHECK)),))
    journal.record("hand", {"hand": impossible})
    journal.record("hand", {"hand": example(hand_id="s-2")})
    assert journal.close()
    with pytest.raises(PhhError, match=r"1 hands were written .* row 2: hand s-1 is against the rules"):
        export(journal.path, tmp_path / "phh")
    assert [path.name for path in (tmp_path / "phh").iterdir()] == ["s-2.phh"]
