"""Which actions a player considers at a node: the sizes asked for, made legal and tidied by the thresholds.

Chips are whole; a share of the pot is rounded to the nearest chip, halves up. The thresholds are those of
PioSOLVER's and postflop-solver's settings of the same names, reckoned on the pot after a call.
"""

from math import floor

from engine.solver.tree.betting import Betting, Choice
from engine.solver.tree.nodes import Move
from engine.solver.tree.settings import Size, SizeKind, TreeSettings

STREETS = 6  # board cards on the river, and one: street s has STREETS - s streets to bet on


def choices(betting: Betting, settings: TreeSettings, made: int = 0) -> tuple[Choice, ...]:
    """The actions at a decision, from the most passive to all-in. A bet or raise to ``made`` is among them, also one
    that the sizes do not ask for; sizes that lie as close to it as the merging threshold leave it their place.
    """
    passive = (Choice(Move.FOLD), Choice(Move.CALL, betting.bet)) if betting.to_call else (Choice(Move.CHECK),)
    return (*passive, *(_aggressive(betting, to) for to in _amounts(betting, settings, made)))


def _aggressive(betting: Betting, to: int) -> Choice:
    if to == betting.stack:
        return Choice(Move.ALL_IN, to)
    return Choice(Move.RAISE if betting.to_call else Move.BET, to)


def _amounts(betting: Betting, settings: TreeSettings, made: int) -> list[int]:
    """What a bet or raise may make the mover's chips on this street, ascending."""
    considered = _considered(betting, settings)
    if made <= betting.bet or made in considered:
        return considered
    return sorted([made, *(to for to in considered if not _close(to, made, betting, settings.merge))])


def _considered(betting: Betting, settings: TreeSettings) -> list[int]:
    if betting.bet >= betting.stack:
        return []
    if settings.most_raises is not None and betting.raises >= settings.most_raises:
        return []
    wanted = [_amount(size, betting) for size in _sizes(betting, settings)]
    if betting.stack <= betting.bet + _chips(betting.pot_after_call * settings.add_all_in):
        wanted.append(betting.stack)
    legal = {_legal(to, betting, settings) for to in wanted}
    return _merged(sorted(_forced(to, betting, settings) for to in legal), betting, settings.merge)


def _sizes(betting: Betting, settings: TreeSettings) -> tuple[Size, ...]:
    player = int(betting.kind)
    sizes = settings.of(betting.street, player)
    if betting.to_call:
        return sizes.raises
    return sizes.donk if betting.donk and player == 0 and sizes.donk else sizes.bets


def _amount(size: Size, betting: Betting) -> int:
    """What a size comes to, before the rules of the table are asked."""
    match size.kind:
        case SizeKind.POT:
            return betting.bet + _chips(betting.pot_after_call * size.value)
        case SizeKind.TIMES:
            return _chips(betting.bet * size.value)
        case SizeKind.GEOMETRIC:
            return betting.bet + _chips(betting.pot_after_call * _geometric(size, betting))
        case SizeKind.ALL_IN:
            return betting.stack


def _geometric(size: Size, betting: Betting) -> float:
    """The share x of the pot with (1 + 2x)^n = 1 + 2 spr: bet on n streets it puts everything in. A raise has used
    up one of them for each bet and raise before it.
    """
    streets = (int(size.value) or STREETS - betting.street) - max(betting.raises - 1, 0)
    ratio = (betting.stack - betting.bet) / betting.pot_after_call
    return float(((2 * ratio + 1) ** (1 / max(streets, 1)) - 1) / 2)


def _legal(to: int, betting: Betting, settings: TreeSettings) -> int:
    """At least the least bet, or a raise by what the last one added; at most everything."""
    least = betting.bet + betting.to_call if betting.to_call else settings.least_bet
    return min(max(to, least), betting.stack)


def _forced(to: int, betting: Betting, settings: TreeSettings) -> int:
    """All-in in the place of an amount that would leave next to nothing behind."""
    pot = betting.pot_after_call + 2 * (to - betting.bet)
    return betting.stack if betting.stack <= to + _chips(pot * settings.force_all_in) else to


def _merged(amounts: list[int], betting: Betting, merge: float) -> list[int]:
    """The largest first, then whatever is clearly smaller: (1 + larger) / (1 + smaller) above 1 + merge, with the
    amounts as shares of the pot.
    """
    kept: list[int] = []
    for to in reversed(amounts):
        if not kept or _with_pot(kept[-1], betting) > _with_pot(to, betting) * (1 + merge) * (1 + 1e-12):
            kept.append(to)
    return kept[::-1]


def _close(to: int, made: int, betting: Betting, merge: float) -> bool:
    low, high = sorted((_with_pot(to, betting), _with_pot(made, betting)))
    return high <= low * (1 + merge) and to != betting.stack


def _with_pot(to: int, betting: Betting) -> float:
    return 1 + (to - betting.bet) / betting.pot_after_call


def _chips(amount: float) -> int:
    return floor(amount + 0.5)
