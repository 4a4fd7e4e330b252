"""The subgame that is solved: iterations, what the average strategy is worth, and how far it is from an equilibrium."""

from collections.abc import Mapping, Sequence
from time import perf_counter_ns
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.game.ranges import COMBO_COUNT
from engine.solver.kernels.streets import iterate
from engine.solver.kernels.tables import AVERAGE, BEST_RESPONSE, TRAIN, Floats, Memory, Rule
from engine.solver.spot import Cancel, Lock, Rake, Spot, SpotError, TooBigError
from engine.solver.subgame.build import check, compatible, hands_of, showdown_tree, streets_of, weight_of_pairs
from engine.solver.subgame.gadget import Gadget
from engine.solver.subgame.passes import Passes, Street
from engine.solver.subgame.room import Room
from engine.solver.subgame.size import predicted_bytes
from engine.solver.subgame.start import as_stored
from engine.solver.tree.nodes import BettingTree

MOST_MEMORY: Final = 4 << 30
REGRET_POWER: Final = 2.0
AVERAGE_POWER: Final = 4.0
"""alpha and gamma of discounted CFR (Brown and Sandholm 2019, section 4); beta is minus infinity, as in CFR+."""


class Game:
    """A spot's subgame under solution by discounted CFR+ with alternating updates.

    It holds the regrets and the sums of strategies of every decision, hand and deal. Not for several threads at
    once; it uses ``threads`` threads of its own within a call. ``constraint`` (1326,) are counterfactual values of
    the player who is not to act at the root, in the unit of ``Subgame.counterfactual_values``: the solution then
    leaves none of his pairs more than that, as far as this can be had.
    """

    def __init__(
        self,
        spot: Spot,
        tree: BettingTree,
        threads: int = 1,
        locks: Sequence[Lock] = (),
        *,
        memory_limit: int = MOST_MEMORY,
        constraint: NDArray[np.floating] | None = None,
        room: Room | None = None,
    ) -> None:
        begun = perf_counter_ns()
        self.spot, self.tree = spot, tree
        self.locks = tuple(locks)
        self.ranges = check(spot, tree, self.locks)
        self.iterations = 0
        self._weight = weight_of_pairs(self.ranges)
        needed = predicted_bytes(spot, tree, threads)
        if needed > memory_limit:
            raise TooBigError(
                f"solving this spot needs {needed / 1e6:,.0f} MB of memory, {memory_limit / 1e6:,.0f} MB are allowed: "
                "take fewer sizes or smaller ranges"
            )
        self._hands = hands_of(spot, self.ranges, merged=not self.locks and constraint is None)
        locked = frozenset(lock.node for lock in self.locks)
        self.layout, self.streets = streets_of(tree, spot.rake, self._hands, locked)
        self._room = Room() if room is None else room
        self._regrets = [_rows(street, self._room) for street in self.streets]
        self._average = [_rows(street, self._room) for street in self.streets]
        self._spare: tuple[list[tuple[Floats, Floats]], list[tuple[Floats, Floats]]] | None = None
        self._passes = Passes(self.streets, self.ranges, threads)
        for lock in self.locks:
            self._lock(lock)
        self._gadget = None if constraint is None else self._constrained(constraint)
        self.build_ns = perf_counter_ns() - begun

    def close(self) -> None:
        """End the threads of this subgame."""
        self._passes.close()

    @property
    def threads(self) -> int:
        """How many threads an iteration uses."""
        return self._passes.threads

    @property
    def hands(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The players' live pairs, places in COMBOS."""
        return self.ranges[0].combos, self.ranges[1].combos

    @property
    def stored_numbers(self) -> int:
        """How many regrets there are: what an iteration takes grows with it."""
        return sum(street.numbers(player) for street in self.streets for player in (0, 1))

    @property
    def memory_bytes(self) -> int:
        """What is held: regrets and strategies, their second copies if there are any, tables and working memory."""
        kept = [self._regrets, self._average, *(self._spare or ())]
        stored = sum(int(array.nbytes) for each in kept for pair in each for array in pair)
        tables = [table for street in self.streets for table in (*street.hands.tables, *street.layout.sequences)]
        fields = [field for table in tables for field in table if isinstance(field, np.ndarray)]
        return stored + sum(int(field.nbytes) for field in fields) + self._passes.bytes

    def step(self, cancel: Cancel | None = None) -> bool:
        """One whole iteration of both players; False when cancelled between two deals.

        An iteration that was cancelled leaves no trace. To be able to take it back, the first call with ``cancel``
        allocates a second copy of regrets and strategies.
        """
        if cancel is not None and len(self.streets) > 1:
            return self._step_apart(cancel)
        if cancel is not None and cancel():
            return False
        self.advance(1)
        return True

    def advance(self, count: int) -> None:
        """``count`` iterations that nothing can interrupt."""
        if count < 1:
            return
        if len(self.streets) == 1 and self._gadget is None:
            self._iterate(count)
            return
        for _ in range(count):
            for player in (0, 1):
                self._train(player, self._memories(player), self._of(self._regrets, 1 - player), self._gadget)
            self.iterations += 1

    def _train(
        self,
        player: int,
        memories: list[Memory],
        strategies: list[Floats],
        gadget: Gadget | None,
        cancel: Cancel | None = None,
    ) -> bool:
        """One player's half of an iteration; False when cancelled."""
        rule = self._rule(self.iterations)
        reaches = self._reaches(player, gadget.reach(gadget.follow())) if gadget else None
        values = self._passes.run(player, rule, memories, strategies, cancel, reaches)
        if values is None:
            return False
        if gadget is not None and gadget.player == player:
            gadget.learn(values, rule)
        return True

    def _reaches(self, player: int, constrained: Floats) -> tuple[Floats, Floats] | None:
        """The root's reach in a pass for ``player``: his opponent's as the gadget leaves it."""
        gadget = self._gadget
        if gadget is None or gadget.player == player:
            return None
        own = self.ranges[player].weights
        return (own, constrained) if player == 0 else (constrained, own)

    def _constrained(self, constraint: NDArray[np.floating]) -> Gadget:
        player = 1 - self.spot.to_act
        if constraint.shape != (COMBO_COUNT,) or not np.isfinite(constraint).all():
            raise SpotError(f"the constraint has shape {constraint.shape}: give {COMBO_COUNT} counterfactual values")
        held = self.ranges[player]
        stop = np.zeros(len(held.weights))
        stop[: held.size] = constraint[held.combos] - self.spot.pot / 2 * compatible(self.ranges, player)
        return Gadget(player, stop, held.weights)

    def _iterate(self, count: int) -> None:
        """Iterations on the river, all in one call."""
        street = self.streets[0]
        rules = [self._rule(self.iterations + each) for each in range(count)]
        oop, ip = self.ranges
        values = np.zeros(max(len(oop.weights), len(ip.weights)), dtype=np.float32)
        iterate(
            street.hands.deals.outs_of, street.layout.segments_of, *street.layout.sequences, *street.hands.tables,
            self._memories(0)[0], self._memories(1)[0], oop.weights, ip.weights, values, self._passes.scratch(0),
            rules[0],
            np.array([rule.regret_factor for rule in rules]), np.array([rule.average_factor for rule in rules]),
        )  # fmt: skip
        self.iterations += count

    def _step_apart(self, cancel: Cancel) -> bool:
        """An iteration that writes beside what it reads; the two change places when it is whole."""
        if self._spare is None:
            self._spare = (self._beside(self._regrets), self._beside(self._average))
        regrets, average = self._spare
        gadget = self._gadget.copy() if self._gadget else None
        for player, against in ((0, self._regrets), (1, regrets)):
            memories = [
                Memory(self._regrets[level][player], self._average[level][player],
                       regrets[level][player], average[level][player])
                for level in range(len(self.streets))
            ]  # fmt: skip
            if not self._train(player, memories, self._of(against, 1 - player), gadget, cancel):
                return False
        self._spare = (self._regrets, self._average)
        self._regrets, self._average, self._gadget = regrets, average, gadget
        self.iterations += 1
        return True

    def _beside(self, arrays: list[tuple[Floats, Floats]]) -> list[tuple[Floats, Floats]]:
        """Room for the next iteration's numbers; an iteration writes them all, but for locked decisions."""
        beside = [(self._room.take(len(oop)), self._room.take(len(ip))) for oop, ip in arrays]
        if self.locks:
            for pair, new in zip(arrays, beside, strict=True):
                for player in (0, 1):
                    new[player][:] = pair[player]
        return beside

    def exploitability(self, evs: tuple[float, float] | None = None) -> float:
        """How much a best response to the average strategies wins beyond them, mean of both players, in per cent of
        the starting pot. A locked decision is part of the rules and cannot be deviated from.
        With a constraint, of the game that begins with the choice to stop. ``evs`` spares a pass when they are known.
        """
        if self._gadget is not None:
            return 50.0 * self._gain(self._gadget) / self._weight / self.spot.pot
        best = [self._expected(player, BEST_RESPONSE) for player in (0, 1)]
        return 50.0 * (sum(best) - sum(evs or self.evs())) / self.spot.pot

    def _gain(self, gadget: Gadget) -> float:
        """What best responses win in the game that begins with the gadget's choice."""
        gained = gadget.gain(*(self._evaluate(gadget.player, kind) for kind in (AVERAGE, BEST_RESPONSE)))
        player = 1 - gadget.player
        reaches = self._reaches(player, gadget.reach(gadget.average()))
        values, best = (self._evaluate(player, kind, reaches) for kind in (AVERAGE, BEST_RESPONSE))
        return gained + float(np.dot(best.astype(np.float64) - values, self.ranges[player].weights))

    def evs(self) -> tuple[float, float]:
        """What the average strategies are worth to the players, in chips, each with his share of the starting pot
        and less what he puts in from there on; their sum is the pot less the expected rake."""
        first = self._expected(0, AVERAGE)
        if self.spot.rake.share > 0:
            return first, self._expected(1, AVERAGE)
        return first, self.spot.pot - first

    def equity(self) -> tuple[float, float]:
        """Each player's share of the pot if nobody bet, with the root's ranges; they sum to 1."""
        tree = showdown_tree(len(self.spot.board))
        _, streets = streets_of(tree, Rake(), self._hands)
        passes = Passes(streets, self.ranges)
        nothing = [_rows(street, Room()) for street in streets]
        memories = [Memory(own, own, own, own) for own, _ in nothing]
        values = passes.run(0, Rule(AVERAGE, np.float32(0), np.float32(0)), memories, [other for _, other in nothing])
        assert values is not None
        share = 0.5 + float(np.dot(values.astype(np.float64), self.ranges[0].weights)) / self._weight / tree.pot
        return share, 1.0 - share

    def _expected(self, player: int, kind: int) -> float:
        """The value of the game to a player against the opponent's average strategy, in chips."""
        values = self._evaluate(player, kind)
        weights = self.ranges[player].weights.astype(np.float64)
        return float(np.dot(values, weights)) / self._weight + self.spot.pot / 2

    def _evaluate(self, player: int, kind: int, reaches: tuple[Floats, Floats] | None = None) -> Floats:
        rule = Rule(kind, np.float32(0), np.float32(0))
        memories = [Memory(each[player], each[player], each[player], each[player]) for each in self._average]
        values = self._passes.run(player, rule, memories, self._of(self._average, 1 - player), None, reaches)
        assert values is not None
        return values

    def beyond(self, player: int, level: int, deal: int) -> Floats:
        """What lies beyond each deal or run-out of a street is worth to a player's hands after one of its deals,
        under the average strategies, (segments that follow, width)."""
        rule = Rule(AVERAGE, np.float32(0), np.float32(0))
        memories = [Memory(each[player], each[player], each[player], each[player]) for each in self._average]
        self._passes.run(player, rule, memories, self._of(self._average, 1 - player), only=deal if level == 1 else None)
        return self._passes.summed(level, player) / np.float32(self.streets[level].chance)

    def _rule(self, iteration: int) -> Rule:
        """The discounts of an iteration (Brown and Sandholm 2019, section 4)."""
        done = float(iteration)
        regrets = done**REGRET_POWER / (done**REGRET_POWER + 1.0)
        average = (done / (done + 1.0)) ** AVERAGE_POWER
        return Rule(TRAIN, np.float32(regrets), np.float32(average))

    def _memories(self, player: int) -> list[Memory]:
        kept = zip(self._regrets, self._average, strict=True)
        return [Memory(regrets[player], sums[player], regrets[player], sums[player]) for regrets, sums in kept]

    def _of(self, arrays: list[tuple[Floats, Floats]], player: int) -> list[Floats]:
        return [pair[player] for pair in arrays]

    def _lock(self, lock: Lock) -> None:
        """Put a lock's frequencies in the place of regrets and strategies, after every deal."""
        self.put(lock.node, lock.frequencies, 1.0, lock.frequencies)

    def put(self, node: int, frequencies: Floats, weight: float, regrets: Floats) -> None:
        """Go on from (actions, 1326) average frequencies, that count ``weight`` iterations, and from regrets."""
        level, player = self.place_of(node)
        stored, actions = int(self.layout.stored[node]), int(self.tree.children[node])
        combos = self.streets[level].hands.combos[player]
        for arrays, chosen in ((self._regrets, regrets), (self._average, frequencies * np.float32(weight))):
            rows = self.stored_rows(arrays, level, player)[:, stored : stored + actions]
            rows[:] = as_stored(chosen, combos)

    def place_of(self, node: int) -> tuple[int, int]:
        """Of a decision: the number of its street in this subgame, and who acts."""
        return int(self.tree.street[node]) - len(self.spot.board), int(self.tree.kind[node])

    def stored_rows(self, arrays: list[tuple[Floats, Floats]], level: int, player: int) -> Floats:
        """A player's part of what is stored on a street, (deals, rows, width)."""
        street = self.streets[level]
        return arrays[level][player].reshape(street.hands.deals.count, -1, street.width(player))

    def kept(self) -> dict[str, Floats]:
        """All that a solve goes on from, bit for bit: regrets and sums of strategies by street and player."""
        both = {"regrets": self._regrets, "average": self._average}
        return {
            f"{name}.{level}.{player}": array
            for name, arrays in both.items()
            for level, pair in enumerate(arrays)
            for player, array in zip(("oop", "ip"), pair, strict=True)
        }

    def restore(self, kept: Mapping[str, Floats], iterations: int) -> None:
        """Go on from what was kept of a subgame of the same spot and tree; SpotError when it is of another."""
        mine = self.kept()
        for name in sorted(mine.keys() | kept.keys()):
            there = name in mine and name in kept
            if not there or (kept[name].shape, kept[name].dtype) != (mine[name].shape, mine[name].dtype):
                raise SpotError(f"{name} does not fit: what was kept is of another spot or tree")
        for name, own in mine.items():
            own[:] = kept[name]
        self.iterations = iterations

    @property
    def regret_sums(self) -> list[tuple[Floats, Floats]]:
        """The discounted and clipped regrets, street by street and player by player."""
        return self._regrets

    @property
    def average(self) -> list[tuple[Floats, Floats]]:
        """The discounted sums of strategies, street by street and player by player."""
        return self._average


def _rows(street: Street, room: Room) -> tuple[Floats, Floats]:
    return room.zeros(street.numbers(0)), room.zeros(street.numbers(1))
