"""Turns the game into the picture's content, and the picture's content into a line of the ground truth."""

from app.practice.dealer import HERO, NAMES, Dealer, Waiting
from app.practice.geometry import SEATS
from app.practice.view import BACK, NO_CONTROLS, ControlView, FieldView, SeatView, TableView
from engine.game.actions import Action, ActionKind, LegalActions
from engine.game.rules import Hand, Stage

NO_CARDS = ("", "")


def table_view(dealer: Dealer, field: FieldView) -> TableView:
    """What the table shows now, its clocks at their start."""
    seats = tuple(_seat_view(dealer, seat) for seat in range(SEATS))
    hand = dealer.hand
    if hand is None:
        return TableView(0, seats)
    return TableView(
        hand_number=dealer.hand_number,
        seats=seats,
        hole=NO_CARDS if hand.folded(HERO) else _pair(hand.hole(HERO)),
        board=hand.board + ("",) * (5 - len(hand.board)),
        pot=hand.pot,
        button=dealer.button,
        turn=-1 if hand.to_act is None else hand.to_act,
        controls=controls(hero_legal(dealer), field),
        field=field,
    )


def hero_legal(dealer: Dealer) -> LegalActions | None:
    """What the hero may do; None when it is not his turn."""
    return dealer.hand.legal if dealer.hand and dealer.waiting is Waiting.HERO else None


def controls(legal: LegalActions | None, field: FieldView) -> tuple[ControlView, ...]:
    """The four buttons: fold, check or call, bet or raise to the field's amount, all-in."""
    if legal is None:
        return NO_CONTROLS
    inside = legal.can_raise and legal.min_to <= field.amount <= legal.max_to
    return (
        ControlView("fold", not legal.can_check),
        ControlView("check", True) if legal.can_check else ControlView("call", True, legal.call_amount),
        ControlView("bet" if legal.opening else "raise", inside, field.amount if inside else 0),
        ControlView("all-in", legal.can_raise, legal.max_to),
    )


def action_of(control: ControlView, legal: LegalActions) -> Action:
    """The action that pressing a button makes; an all-in is a bet or raise to all the chips."""
    if control.kind == "all-in":
        return Action(ActionKind.BET if legal.opening else ActionKind.RAISE, control.amount)
    return Action(ActionKind(control.kind), control.amount)


def _seat_view(dealer: Dealer, seat: int) -> SeatView:
    if seat not in dealer.slots:
        return SeatView(seat)
    hand = dealer.hand
    if hand is None:
        return SeatView(seat, "in", NAMES[seat], dealer.stacks[seat])
    cards = NO_CARDS if seat == HERO else _opponent_cards(hand, seat)
    return SeatView(seat, _status(hand, seat), NAMES[seat], hand.stack(seat), hand.bet(seat), cards)


def _status(hand: Hand, seat: int) -> str:
    if hand.stack(seat) == 0 and hand.stage is Stage.OVER:
        return "out"
    if hand.folded(seat):
        return "folded"
    return "all-in" if hand.stack(seat) == 0 else "in"


def _opponent_cards(hand: Hand, seat: int) -> tuple[str, str]:
    if hand.folded(seat):
        return NO_CARDS
    return _pair(hand.hole(seat)) if hand.revealed else (BACK, BACK)


def _pair(cards: tuple[str, ...]) -> tuple[str, str]:
    first, second = cards
    return first, second


def content(view: TableView) -> dict[str, object]:
    """The picture's content as the ground truth's "state" line gives it: cards that are shown, amounts in chips."""
    field = {"kind": "amount", "enabled": view.field.enabled, "amount": view.field.amount}
    return {
        "hand_number": view.hand_number,
        "hole": [card for card in view.hole if card],
        "board": [card for card in view.board if card],
        "pot": view.pot,
        "seats": [_seat_content(seat) for seat in view.seats],
        "button": view.button,
        "turn": view.turn,
        "controls": [_control_content(control) for control in view.controls] + [field],
        "animating": bool(view.arriving),
    }


def _control_content(control: ControlView) -> dict[str, object]:
    return {"kind": control.kind, "enabled": control.enabled, "amount": control.amount if control.enabled else 0}


def _seat_content(seat: SeatView) -> dict[str, object]:
    cards = [card for card in seat.cards if card]
    return {
        "seat": seat.seat,
        "status": seat.status,
        "name": seat.name,
        "stack": seat.stack,
        "bet": seat.bet,
        "cards": cards,
    }


def facts(dealer: Dealer) -> dict[str, object]:
    """What belongs to the moment but is not in the picture: street, history and the legal actions."""
    hand = dealer.hand
    legal = hand.legal if hand else None
    return {
        "street": int(hand.street) if hand else 0,
        "history": [
            {
                "seat": record.seat,
                "street": int(record.street),
                "action": str(record.action.kind),
                "amount": record.action.amount,
            }
            for record in dealer.history
        ],
        "legal": legal
        and {
            "call_amount": legal.call_amount,
            "min_to": legal.min_to,
            "max_to": legal.max_to,
            "opening": legal.opening,
        },
        "waiting": str(dealer.waiting),
    }
