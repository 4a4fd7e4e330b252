"""Cards as the field writes them: rank then suit, ``As``, ``Td``, ``2c``; and as the integers 0 to 51."""

RANKS = "23456789TJQKA"
SUITS = "cdhs"
DECK: tuple[str, ...] = tuple(rank + suit for rank in RANKS for suit in SUITS)
_INDEX = {card: index for index, card in enumerate(DECK)}


class CardError(ValueError):
    """Text that is not a card, or cards that cannot be in play together."""


def card_index(card: str) -> int:
    """The integer 0 to 51 of a card: ``4 * rank + suit`` with ranks 2..A and suits c, d, h, s."""
    try:
        return _INDEX[card]
    except KeyError:
        raise CardError(f"{card!r} is not a card: write a rank of {RANKS} and a suit of {SUITS}, like As") from None


def parse_cards(text: str) -> tuple[str, ...]:
    """Cards written one after another (``"Td9d 6h"``); a card given twice is refused."""
    packed = "".join(text.split())
    cards = tuple(packed[at : at + 2] for at in range(0, len(packed), 2))
    for card in cards:
        card_index(card)
    if len(set(cards)) != len(cards):
        raise CardError(f"{text!r} names a card twice")
    return cards
