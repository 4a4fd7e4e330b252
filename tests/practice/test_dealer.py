"""The game behind the picture: hands follow each other, busted players rebuy, and what is shown is what is so."""

from typing import Any

import pytest

from app.practice import amount_field
from app.practice.dealer import HERO, Dealer, TableOptions, Waiting
from app.practice.presenter import action_of, content, controls, facts, hero_legal, table_view
from app.practice.view import BACK, FieldView, TableView
from engine.game.actions import Action, ActionKind, LegalActions

Happening = tuple[str, dict[str, Any]]


def played(hands: int, **options: int) -> tuple[Dealer, list[Happening], list[TableView]]:
    """A dealer after some hands in which the hero calls everything, what happened and what was shown."""
    happenings: list[Happening] = []
    dealer = Dealer(TableOptions(hands=hands, **options), lambda kind, data: happenings.append((kind, data)))
    views = [table_view(dealer, FieldView())]
    while dealer.waiting is not Waiting.DONE:
        legal = hero_legal(dealer)
        if legal is None:
            dealer.step()
        elif legal.can_check:
            dealer.act(Action(ActionKind.CHECK))
        else:
            dealer.act(Action(ActionKind.CALL, legal.call_amount))
        views.append(table_view(dealer, FieldView()))
    return dealer, happenings, views


@pytest.mark.parametrize("players", range(2, 7))
def test_chips_grow_by_rebuys_alone(players: int) -> None:
    dealer, happenings, _ = played(30, players=players, stack=300, seed=players)
    total = players * 300
    for kind, data in happenings:
        if kind == "rebuy":
            total += data["amount"]
        if kind == "hand-end":
            assert data["chips_total"] == sum(data["stacks"].values()) == total
            assert sum(data["results"].values()) == 0
    assert dealer.hand_number == 30


def test_busted_players_are_out_until_they_rebuy_before_the_next_hand() -> None:
    _, happenings, views = played(30, players=3, stack=200, seed=3)
    rebuys = [data for kind, data in happenings if kind == "rebuy"]
    assert rebuys
    out = {(view.hand_number, seat.seat) for view in views for seat in view.seats if seat.status == "out"}
    assert {(data["hand_number"], data["seat"]) for data in rebuys} <= out


def test_the_button_moves_one_player_a_hand() -> None:
    _, happenings, _ = played(8, players=4, seed=2)
    assert [data["button"] for kind, data in happenings if kind == "hand-end"] == [0, 2, 3, 4] * 2


def test_the_same_seed_plays_the_same_game() -> None:
    assert played(6, players=5, seed=4)[1:] == played(6, players=5, seed=4)[1:]
    assert played(6, players=5, seed=4)[1] != played(6, players=5, seed=5)[1]


def test_the_picture_shows_backs_until_the_showdown_and_nothing_of_the_folded() -> None:
    _, _, views = played(30, players=4, seed=6)
    showdowns = 0
    for view in views[1:]:
        live = [seat for seat in view.seats[1:] if seat.present and seat.status != "folded"]
        if view.turn >= 0:
            assert all(seat.cards == (BACK, BACK) for seat in live)
        assert all(seat.cards == ("", "") for seat in view.seats if seat.status == "folded")
        showdowns += any(seat.cards[0] not in ("", BACK) for seat in live)
    assert showdowns > 5


def test_the_pot_and_bets_and_stacks_account_for_every_chip() -> None:
    _, _, views = played(10, players=4, seed=7)
    for view in views:
        assert (sum(seat.stack for seat in view.seats) + view.pot) % 2000 == 0  # the buy-ins, whole
        assert sum(seat.bet for seat in view.seats) <= view.pot


def test_off_turn_every_control_is_disabled_and_the_field_empty() -> None:
    dealer, _, _ = played(1)
    view = table_view(dealer, FieldView())
    assert not any(control.enabled or control.amount for control in view.controls)
    assert content(view)["controls"] == [
        {"kind": kind, "enabled": False, "amount": 0} for kind in ("fold", "check", "bet", "all-in", "amount")
    ]
    assert facts(dealer)["legal"] is None


def test_the_buttons_follow_the_rules_and_the_field() -> None:
    legal = LegalActions(call_amount=40, min_to=80, max_to=900)
    fold, call, bet, all_in = controls(legal, FieldView("120", enabled=True))
    assert (fold.kind, fold.enabled) == ("fold", True)
    assert (call.kind, call.amount) == ("call", 40)
    assert (bet.kind, bet.enabled, bet.amount) == ("raise", True, 120)
    assert (all_in.enabled, all_in.amount) == (True, 900)
    assert action_of(all_in, legal) == Action(ActionKind.RAISE, 900)
    for outside in ("", "79", "901"):
        disabled = controls(legal, FieldView(outside, enabled=True))[2]
        assert (disabled.enabled, disabled.amount) == (False, 0)


def test_where_checking_is_free_there_is_no_fold_and_a_bet_opens() -> None:
    legal = LegalActions(call_amount=0, min_to=20, max_to=500, opening=True)
    fold, check, bet, _ = controls(legal, FieldView("20", enabled=True))
    assert not fold.enabled
    assert (check.kind, check.enabled, check.amount) == ("check", True, 0)
    assert action_of(bet, legal) == Action(ActionKind.BET, 20)


def test_where_no_raise_is_open_only_fold_and_call_are() -> None:
    legal = LegalActions(call_amount=300)
    field = amount_field.opened(legal.min_to)
    assert [control.enabled for control in controls(legal, field)] == [True, True, False, False]
    assert not field.enabled


def test_typed_digits_replace_the_selection_and_then_append() -> None:
    field = amount_field.focused(amount_field.opened(40))
    assert (field.text, field.selected) == ("40", True)
    for digit in "125":
        field = amount_field.typed(field, digit)
    assert (field.text, field.selected, field.amount) == ("125", False, 125)
    assert amount_field.erased(field).text == "12"
    assert amount_field.erased(amount_field.focused(field)).text == ""


def test_the_field_takes_no_more_digits_than_its_box_holds_and_no_leading_zero() -> None:
    field = amount_field.focused(amount_field.opened(40))
    for digit in "0123456789":
        field = amount_field.typed(field, digit)
    assert field.text == "1234567"


def test_a_digit_typed_outside_the_field_starts_a_new_amount() -> None:
    assert amount_field.typed(amount_field.opened(40), "7").text == "7"
    assert amount_field.typed(FieldView(), "7") == FieldView()


def test_the_hero_is_dealt_in_at_every_size_of_table() -> None:
    for players in range(2, 7):
        dealer, _, _ = played(1, players=players)
        assert dealer.slots[0] == HERO
        assert len(dealer.slots) == players
