"""A street as a game in sequence form: its betting tree walked once, with as many sizes as a small tree has room for.

A street that closes is a leaf: the hands are then shown down without further betting.
"""

from dataclasses import dataclass, field
from typing import Final

from engine.game.actions import Action, ActionKind
from engine.game.betting import Betting
from engine.solver.multiway.form import Form, FormBuilder
from engine.solver.multiway.round import Round
from engine.solver.multiway.street import RUNGS, Sizes, choices

MOST_LEAVES: Final = 320


@dataclass(frozen=True, slots=True)
class Leaf:
    """An end of the street. ``sequence`` is each player's last sequence; ``cost`` what he put in since the root.

    ``pots`` are the main pot and the side pots: chips, and the places of the players who are in for them.
    """

    sequence: tuple[int, ...]
    cost: tuple[int, ...]
    pots: tuple[tuple[int, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class StreetGame:
    """The street's forms and leaves, by place among ``players``, which are seats. ``hero`` is the hero's place,
    ``actions`` are his choices at the root.
    """

    players: tuple[int, ...]
    hero: int
    forms: tuple[Form, ...]
    leaves: tuple[Leaf, ...]
    actions: tuple[Action, ...]
    sizes: Sizes


def street_game(hand: Betting, states: int, most: int = MOST_LEAVES) -> StreetGame:
    """The street from here on; the player to act is the hero. ``states``: how many private states a player has.

    The richest sizes are taken whose tree has at most ``most`` leaves; the poorest in any case. With four players or
    more the richest are not tried.
    """
    root = Round.of(hand)
    rungs = RUNGS[max(0, sum(stack > 0 for stack in root.stacks) - 2) // 2 * 2 :]
    for sizes in rungs:
        walk = _Walk(root, states, sizes, most if sizes is not RUNGS[-1] else 1 << 30)
        if walk.fits():
            break
    return walk.game()


@dataclass(slots=True)
class _Walk:
    """One walk through a street's tree."""

    root: Round
    states: int
    sizes: Sizes
    most: int
    builders: list[FormBuilder] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)

    def fits(self) -> bool:
        """Walk it all; False as soon as it has too many leaves."""
        self.builders = [FormBuilder(self.states) for _ in self.root.seats]
        return self._go(self.root, (0,) * len(self.root.seats), self.sizes.raises)

    def _go(self, round_: Round, at: tuple[int, ...], raises: int) -> bool:
        player = round_.to_act
        if player is None:
            self.leaves.append(self._leaf(round_, at))
            return len(self.leaves) <= self.most
        moves = choices(round_, player, self.sizes, raises)
        first = self.builders[player].decide(at[player], len(moves))
        for number, move in enumerate(moves):
            there = (*at[:player], first + number, *at[player + 1 :])
            left = raises - (move.kind in (ActionKind.BET, ActionKind.RAISE))
            if not self._go(round_.after(move), there, left):
                return False
        return True

    def _leaf(self, round_: Round, at: tuple[int, ...]) -> Leaf:
        now, then = (
            round_.contributed(),
            [before + bet for before, bet in zip(self.root.before, self.root.bets, strict=True)],
        )
        cost = tuple(later - earlier for later, earlier in zip(now, then, strict=True))
        return Leaf(at, cost, round_.pots())

    def game(self) -> StreetGame:
        hero = self.root.to_act
        assert hero is not None
        forms = tuple(builder.form() for builder in self.builders)
        actions = choices(self.root, hero, self.sizes, self.sizes.raises)
        return StreetGame(self.root.seats, hero, forms, tuple(self.leaves), actions, self.sizes)
