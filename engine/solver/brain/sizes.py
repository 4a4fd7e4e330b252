"""The sizes that the bot considers after the flop, by street and depth.

They follow the usual practice of solver users: a small, a large and the geometric bet while there are streets to come,
an overbet as well where stacks are deep; on the river, which is solved in a few milliseconds, a wider choice. A turn
is solved together with its rivers, whose sizes are then fewer so that the whole fits the time of a decision.
"""

from typing import Final

from engine.game.state import Street
from engine.solver.tree.settings import StreetSizes, TreeSettings
from engine.solver.tree.sizes import parse_sizes

DEEP: Final = 100
"""Effective stacks of more big blinds than this, at the beginning of the hand, have sizes of their own."""


def _both(bets: str, *, raises: str = "2.5x,a", donk: str = "") -> tuple[StreetSizes, StreetSizes]:
    first = StreetSizes(parse_sizes(bets), parse_sizes(raises, raises=True), parse_sizes(donk) if donk else ())
    return first, StreetSizes(parse_sizes(bets), parse_sizes(raises, raises=True))


_RIVER = {False: _both("33%,75%,150%,a"), True: _both("33%,75%,125%,200%,a", raises="2.5x,4x,a")}
_TURN = {False: _both("50%,e", donk="50%"), True: _both("50%,125%", raises="3x", donk="50%")}
_RIVER_AFTER_TURN = {False: _both("75%,a", raises="a"), True: _both("75%,150%,a", raises="3x,a")}
_FLOP = {False: _both("33%,75%", raises="3x", donk="33%"), True: _both("33%,75%,125%", raises="3.5x", donk="33%")}


def sizes(street: Street, depth: float, big_blind: int) -> TreeSettings:
    """What is considered from ``street`` on when the effective stacks were ``depth`` big blinds deep."""
    deep = depth > DEEP
    river = _RIVER[deep] if street is Street.RIVER else _RIVER_AFTER_TURN[deep]
    return TreeSettings(_FLOP[deep], _TURN[deep], river, most_raises=4, least_bet=big_blind)
