"""The leaves of a street: hands shown down over the rest of the board, pots divided among any number of players.

What one opponent holds is taken as independent of what another holds, given the board; between a player and each of
his opponents shared cards are taken out exactly, for pairs and on the average for buckets. Hence two players are
settled exactly up to the buckets, and more of them up to the cards that opponents take from one another.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from engine.solver.multiway.buckets import STATES, Buckets
from engine.solver.multiway.form import Floats, Places
from engine.solver.multiway.game import StreetGame
from engine.solver.multiway.settle import settle, spread
from engine.solver.multiway.showdown import Singles, Strengths, compare, strengths_on

Tables = dict[tuple[int, int], tuple[Singles, Singles, Singles]]
"""By (player, other): ahead, tied, there, as ``compare`` returns them."""

Shown = dict[tuple[int, int], NDArray[np.bool_]]
"""By (player, other): which of the other's sequences end where the two show their hands down."""


class StreetLeaves:
    """Implements ``form.Leaves`` for the buckets of a street, on one batch of boards at a time.

    ``boards`` are (batches, boards, 5). Comparing the buckets on a batch takes time, so the first is made at
    once and each other when its turn comes; ``still_wanted`` is asked meanwhile, and TimeoutError raised when it says
    no.
    """

    def __init__(
        self,
        game: StreetGame,
        buckets: Buckets,
        boards: Places,
        still_wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        self._game, self._buckets, self._boards = game, buckets, boards
        self._still_wanted = still_wanted
        self._tables: list[Tables] = []
        self._sequences = np.array([leaf.sequence for leaf in game.leaves], dtype=np.int64)
        self._costs = np.array([leaf.cost for leaf in game.leaves], dtype=np.float64)
        self._pots = _flat_pots(game)
        self._shown = _shown(game)
        self._batch = 0
        self.begin(0)

    @property
    def batches(self) -> int:
        """How many batches have been made."""
        return len(self._tables)

    def begin(self, iteration: int) -> None:
        """Take the batch of an iteration: those that are made in turn. The first iterations make one more each."""
        if len(self._tables) < min(len(self._boards), 1 + iteration):
            boards = strengths_on(self._boards[len(self._tables)])
            self._tables.append(_tables(self._buckets, boards, len(self._game.players), self._still_wanted))
        self._batch = iteration % len(self._tables)

    def gradient(self, player: int, reach: tuple[Floats, ...]) -> Floats:
        """See ``form.Leaves``; in chips, a hand's opponents not yet divided out (``room``)."""
        ahead, tied, there = self._spread(player, reach, self._shown)
        out = np.zeros((self._game.forms[player].sequences, STATES))
        settle(player, self._sequences, self._costs, *self._pots, ahead, tied, there, out)
        return out

    def _spread(self, player: int, reach: tuple[Floats, ...], shown: Shown) -> tuple[Singles, Singles, Singles]:
        tables = self._tables[self._batch]
        most = max(len(rows) for rows in reach)
        boards = next(iter(tables.values()))[0].shape[0]
        ahead = np.empty((len(reach), most, boards, STATES), dtype=np.float32)
        tied = np.empty_like(ahead)
        there = np.empty((len(reach), most, STATES), dtype=np.float32)
        for other, rows in enumerate(reach):
            if other != player:
                singles, (is_ahead, is_tied, is_there) = rows.astype(np.float32), tables[player, other]
                spread(singles, is_ahead, shown[player, other], ahead[other])
                spread(singles, is_tied, shown[player, other], tied[other])
                there[other, : len(rows)] = singles @ is_there
        return ahead, tied, there

    def room(self, player: int) -> Floats:
        """How much of the opponents' ranges is possible beside each of a player's buckets, (STATES,)."""
        room = np.ones(STATES)
        for other in range(len(self._game.players)):
            if other != player:
                room *= np.mean([tables[player, other][2].sum(axis=0) for tables in self._tables], axis=0)
        return room

    def chances(self, player: int) -> Floats:
        """See ``form.Leaves``."""
        own = self._buckets.chances[player]
        chances: Floats = own / max(float(own @ self.room(player)), 1e-300)
        return chances

    def equity(self, player: int) -> Floats:
        """Each bucket's share of the pot when all hands are shown down now, (STATES,); 0 for an impossible one."""
        players = len(self._game.players)
        everybody = np.zeros((1, players), dtype=np.int64)
        pot = np.array([0, 1]), np.ones(1), np.ones((1, players), dtype=np.bool_)
        reach = tuple(np.ones((1, STATES)) for _ in range(players))
        all_shown = {pair: np.ones(1, dtype=np.bool_) for pair in self._shown}
        shares, room = np.zeros((1, STATES)), np.zeros(STATES)
        for _ in self.every_batch():
            ahead, tied, there = self._spread(player, reach, all_shown)
            settle(player, everybody, np.zeros((1, players)), *pot, ahead, tied, there, shares)
            room += np.prod(np.delete(there[:, 0], player, axis=0), axis=0)
        equity: Floats = np.divide(shares[0], room, out=np.zeros(STATES), where=room > 0)
        return equity

    def every_batch(self) -> Iterator[int]:
        """Go through the batches one by one."""
        for batch in range(self.batches):
            self._batch = batch
            yield batch


class WholeLeaves:
    """The same leaves over all boards: the mean of the batches."""

    def __init__(self, leaves: StreetLeaves) -> None:
        self._leaves = leaves

    def gradient(self, player: int, reach: tuple[Floats, ...]) -> Floats:
        """See ``form.Leaves``."""
        total: Floats = np.sum([self._leaves.gradient(player, reach) for _ in self._leaves.every_batch()], axis=0)
        return total / self._leaves.batches

    def chances(self, player: int) -> Floats:
        """See ``form.Leaves``."""
        return self._leaves.chances(player)


def _tables(buckets: Buckets, boards: Strengths, players: int, still_wanted: Callable[[], bool]) -> Tables:
    tables: Tables = {}
    for player in range(players):
        for other in range(players):
            if player != other:
                if not still_wanted():
                    raise TimeoutError("no time was left to compare the hands on the boards to come")
                tables[player, other] = compare(buckets, boards, player, other)
    return tables


def _flat_pots(game: StreetGame) -> tuple[Places, Floats, NDArray[np.bool_]]:
    """The pots of all leaves one after another: where each leaf's begin, their chips, who is in for them."""
    pots = [pot for leaf in game.leaves for pot in leaf.pots]
    first = np.cumsum([0, *(len(leaf.pots) for leaf in game.leaves)])
    inside = np.zeros((len(pots), len(game.players)), dtype=np.bool_)
    for row, (_, places) in zip(inside, pots, strict=True):
        row[list(places)] = True
    return first, np.array([float(chips) for chips, _ in pots]), inside


def _shown(game: StreetGame) -> Shown:
    count = len(game.players)
    shown = {
        (player, other): np.zeros(game.forms[other].sequences, dtype=np.bool_)
        for player in range(count)
        for other in range(count)
        if player != other
    }
    for leaf in game.leaves:
        places = leaf.pots[0][1]
        for player in places:
            for other in places:
                if player != other:
                    shown[player, other][leaf.sequence[other]] = True
    return shown
