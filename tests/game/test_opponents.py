"""The simple opponents: always legal, repeatable, and different from each other."""

import random
from collections import Counter

import pytest

from engine.game.actions import ActionKind
from engine.game.opponents import STYLES, Opponent, strength
from engine.game.rules import Hand, Stage
from engine.game.state import ActionRecord

AGGRESSIVE = {ActionKind.BET, ActionKind.RAISE}


def play(style: Opponent, seed: int, hands: int = 40) -> list[ActionRecord]:
    """The actions of four players of one style over some hands; an illegal one would raise."""
    records: list[ActionRecord] = []
    for number in range(hands):
        generator = random.Random(f"{seed}/{number}")
        hand = Hand(dict.fromkeys((0, 2, 3, 4), 2000), 0, 10, 20, generator)
        while hand.stage is not Stage.OVER:
            if (seat := hand.to_act) is not None:
                hand.act(style(hand.table_state(seat), generator))
            elif hand.stage is Stage.STREET:
                hand.deal_street()
            else:
                hand.settle()
        records += hand.history
    return records


@pytest.mark.parametrize("style", STYLES.values(), ids=list(STYLES))
def test_a_style_plays_whole_hands_legally_and_the_same_again(style: Opponent) -> None:
    assert play(style, 5) == play(style, 5)


def test_the_styles_differ_as_their_names_say() -> None:
    counts = {name: Counter(record.action.kind for record in play(style, 7)) for name, style in STYLES.items()}
    share = {name: sum(count[kind] for kind in AGGRESSIVE) / sum(count.values()) for name, count in counts.items()}
    folds = {name: count[ActionKind.FOLD] / sum(count.values()) for name, count in counts.items()}
    assert share["loose-aggressive"] > 2 * share["calling station"]
    assert folds["tight"] > 2 * folds["calling station"]


def test_strength_orders_plain_cases() -> None:
    assert strength(("As", "Ah"), ()) > strength(("Ks", "Qs"), ()) > strength(("7d", "2c"), ())
    board = ("Kd", "8s", "3h")
    assert strength(("Kc", "8d"), board) > strength(("Kc", "4d"), board) > strength(("8c", "4d"), board)
    assert strength(("8c", "4d"), board) > strength(("Jc", "4d"), board)


def test_an_opponent_out_of_turn_is_refused() -> None:
    hand = Hand({0: 100, 3: 100}, 0, 10, 20, random.Random(1))
    with pytest.raises(ValueError, match="not to act"):
        STYLES["tight"](hand.table_state(3), random.Random(1))
