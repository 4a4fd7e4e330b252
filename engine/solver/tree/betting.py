"""Heads-up betting between two equal stacks: whose turn it is, and what an action makes of it. No cards.

The values are named tuples: a tree makes tens of thousands of them, in a third of the time of data classes.
"""

from typing import NamedTuple

from engine.solver.spot import Spot
from engine.solver.tree.nodes import IP, OOP, Move, NodeKind

RIVER = 5


class Choice(NamedTuple):
    """An action: what was done, and what the mover has put in on this street afterwards (0 unless chips move)."""

    move: Move
    to: int = 0


class Betting(NamedTuple):
    """Where the betting stands at a node.

    ``kind`` as in the tree; ``street`` 3 to 5; ``pot`` the starting pot; ``stack`` what each may put in from this
    street's beginning; ``before`` what each put in on earlier streets of the tree; ``bets`` on this street;
    ``raises`` how many bets and raises made them; ``donk``: the player out of position called the last bet of the
    street before, so that a bet of his is a donk bet.
    """

    kind: NodeKind
    street: int
    pot: int
    stack: int
    bets: tuple[int, int]
    raises: int
    before: int = 0
    donk: bool = False
    folded: int = -1

    @property
    def decides(self) -> bool:
        """Whether a player acts here."""
        return self.kind in (NodeKind.OOP_ACTS, NodeKind.IP_ACTS)

    @property
    def bet(self) -> int:
        """The largest bet of this street, in chips of this street; 0 when nobody has bet."""
        return max(self.bets)

    @property
    def to_call(self) -> int:
        """What the player to act must add to call; it is also what the last bet or raise added."""
        return self.bet - min(self.bets)

    @property
    def pot_after_call(self) -> int:
        """All chips in the middle once the bets are level."""
        return self.pot + 2 * (self.before + self.bet)

    @property
    def paid(self) -> tuple[int, int]:
        """What each has put in since the starting pot."""
        return self.before + self.bets[OOP], self.before + self.bets[IP]

    def after(self, choice: Choice) -> "Betting":
        """The node that an action, or a deal at a chance node, leads to."""
        player = int(self.kind)
        match choice.move:
            case Move.FOLD:
                return self._replace(kind=NodeKind.FOLD, folded=player)
            case Move.CHECK:
                return self._replace(kind=NodeKind.IP_ACTS) if player == OOP else self._closed(called_by=None)
            case Move.CALL:
                return self._replace(bets=(self.bet, self.bet))._closed(called_by=player)
            case Move.DEAL:
                return self._replace(kind=NodeKind.OOP_ACTS, street=self.street + 1)
            case _:
                bets = (choice.to, self.bets[IP]) if player == OOP else (self.bets[OOP], choice.to)
                return self._replace(kind=NodeKind(1 - player), bets=bets, raises=self.raises + 1)

    def _closed(self, called_by: int | None) -> "Betting":
        """The street is over: the next card, or showdown on the river and when everything is in."""
        if self.street == RIVER or self.bet == self.stack:
            return self._replace(kind=NodeKind.SHOWDOWN)
        return self._replace(
            kind=NodeKind.CHANCE,
            stack=self.stack - self.bet,
            before=self.before + self.bet,
            bets=(0, 0),
            raises=0,
            donk=called_by == OOP,
        )


def root(spot: Spot) -> Betting:
    """Where the betting of a spot begins."""
    return Betting(NodeKind(spot.to_act), len(spot.board), spot.pot, spot.stack, spot.bets, spot.raises)
