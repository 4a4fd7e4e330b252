"""Kuhn's poker for two and three players, and Leduc hold'em, as games in sequence form.

Every deal is written out with its chance, so that nothing about cards is approximated.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from engine.solver.kernels.compile import jit
from engine.solver.multiway.form import Floats, Form, FormBuilder, Places

Deal = tuple[int, ...]
Payoff = Callable[[Deal], tuple[float, ...]]


@dataclass(frozen=True, eq=False)
class Toy:
    """A game over ``deals`` (k, players): each leaf's sequence of every player (l, players), and what each player
    gets of it at every deal, the deal's chance multiplied in (l, k, players). ``names`` are the decisions of each
    player in the order of his form.
    """

    forms: tuple[Form, ...]
    deals: Places
    leaves: Places
    payoffs: Floats
    names: tuple[tuple[str, ...], ...]

    def gradient(self, player: int, reach: tuple[Floats, ...]) -> Floats:
        out = np.zeros((self.forms[player].sequences, self.forms[player].states))
        states = max(form.states for form in self.forms)
        rows = max(form.sequences for form in self.forms)
        padded = np.zeros((len(self.forms), rows, states))
        for other, table in enumerate(reach):
            padded[other, : table.shape[0], : table.shape[1]] = table
        _add_leaves(player, padded, self.deals, self.leaves, self.payoffs, out)
        return out

    def chances(self, player: int) -> Floats:
        return np.ones(self.forms[player].states)


@jit
def _add_leaves(player: int, reach: Floats, deals: Places, leaves: Places, payoffs: Floats, out: Floats) -> None:
    for leaf in range(leaves.shape[0]):
        for deal in range(deals.shape[0]):
            chance = payoffs[leaf, deal, player]
            for other in range(leaves.shape[1]):
                if other != player:
                    chance *= reach[other, leaves[leaf, other], deals[deal, other]]
            out[leaves[leaf, player], deals[deal, player]] += chance


class Walk:
    """Collects a game's decisions and leaves."""

    def __init__(self, players: int, cards: int) -> None:
        self.deals = list(permutations(range(cards), players))
        self._builders = [FormBuilder(cards) for _ in range(players)]
        self._names: list[list[str]] = [[] for _ in range(players)]
        self._leaves: list[tuple[int, ...]] = []
        self._payoffs: list[list[tuple[float, ...]]] = []

    def decide(self, player: int, at: tuple[int, ...], count: int, name: str) -> list[tuple[int, ...]]:
        """A decision; the players' sequences after each of its actions."""
        first = self._builders[player].decide(at[player], count)
        self._names[player].append(name)
        return [(*at[:player], first + action, *at[player + 1 :]) for action in range(count)]

    def end(self, at: tuple[int, ...], payoff: Payoff, chance: Callable[[Deal], float]) -> None:
        self._leaves.append(at)
        self._payoffs.append([tuple(chance(deal) * chips for chips in payoff(deal)) for deal in self.deals])

    def toy(self) -> Toy:
        return Toy(
            tuple(builder.form() for builder in self._builders),
            np.array(self.deals, dtype=np.int64),
            np.array(self._leaves, dtype=np.int64),
            np.array(self._payoffs),
            tuple(tuple(names) for names in self._names),
        )


def kuhn(players: int) -> Toy:
    """Kuhn's poker with ``players`` + 1 cards: an ante of 1, one bet of 1, no raise (Kuhn 1950; Szafron, Gibson and
    Sturtevant 2013). A decision's name is the line so far: k check, b bet, c call, f fold.
    """
    walk = Walk(players, players + 1)
    chance = 1 / len(walk.deals)

    def showdown(paid: tuple[int, ...], live: tuple[int, ...]) -> Payoff:
        def payoff(deal: Deal) -> tuple[float, ...]:
            winner = max(live, key=lambda player: deal[player])
            return tuple(sum(paid) * (player == winner) - paid[player] for player in range(players))

        return payoff

    def go(line: str, at: tuple[int, ...]) -> None:
        better = line.find("b")
        if len(line) == (players if better < 0 else better + players):
            answered = line[better:] if better >= 0 else ""
            live = tuple((better + place) % players for place, did in enumerate(answered) if did != "f")
            paid = tuple(1 + (player in live) for player in range(players)) if answered else (1,) * players
            walk.end(at, showdown(paid, live or tuple(range(players))), lambda deal: chance)
            return
        after = walk.decide(len(line) % players, at, 2, line)
        for action, moved in zip("kb" if better < 0 else "fc", after, strict=True):
            go(line + action, moved)

    go("", (0,) * players)
    return walk.toy()


def leduc() -> Toy:
    """Leduc hold'em: six cards of three ranks, an ante of 1, bets of 2 and then 4, one raise a round (Southey and
    others 2005). The second round begins after a public card; a pair with it wins.
    """
    walk = Walk(2, 6)

    def chance_with(public: int | None) -> Callable[[Deal], float]:
        return lambda deal: (1 / 30 if public is None else 1 / 120) * (public not in deal)

    def strength(card: int, public: int) -> int:
        return 10 if card // 2 == public // 2 else card // 2

    def showdown(stake: int, public: int) -> Payoff:
        def payoff(deal: Deal) -> tuple[float, ...]:
            mine, theirs = (strength(card, public) for card in deal)
            won = stake * ((mine > theirs) - (mine < theirs))
            return (won, -won)

        return payoff

    def folded(loser: int, lost: int) -> Payoff:
        return lambda deal: (-lost, lost) if loser == 0 else (lost, -lost)

    def go(line: str, at: tuple[int, ...], stakes: tuple[int, int], public: int | None) -> None:
        """``line`` is that of this round; ``stakes`` what each has put in."""
        if line.endswith("c") or line == "kk":
            if public is None:
                for card in range(6):
                    go("", at, stakes, card)
            else:
                walk.end(at, showdown(stakes[0], public), chance_with(public))
            return
        player, bet = len(line) % 2, 2 if public is None else 4
        facing, raises = stakes[player] < stakes[1 - player], line.count("b")
        moves = ("f" if facing else "") + ("c" if facing else "k") + ("b" if raises < 2 else "")
        for action, moved in zip(moves, walk.decide(player, at, len(moves), f"{public} {line}"), strict=True):
            if action == "f":
                walk.end(moved, folded(player, stakes[player]), chance_with(public))
            else:
                mine = max(stakes) + (bet if action == "b" else 0)
                go(line + action, moved, (mine, stakes[1]) if player == 0 else (stakes[0], mine), public)

    go("", (0, 0), (1, 1), None)
    return walk.toy()
