"""The compiled steps of regret minimisation over one player's sequences.

Arrays are (sequences, states) float64; ``parent``, ``first``, ``count`` are those of a ``Form``. Every decision has a
strategy for each state: the shares of its sequences add up to 1.
"""

import numpy as np

from engine.solver.kernels.compile import jit
from engine.solver.multiway.form import Floats, Places


@jit
def shares(weights: Floats, first: Places, count: Places, out: Floats) -> None:
    """Each decision's weights as shares of their sum; evenly where all are 0 (regret matching, Hart and Mas-Colell
    2000)."""
    for decision in range(len(first)):
        start, actions = first[decision], count[decision]
        for state in range(weights.shape[1]):
            total = 0.0
            for sequence in range(start, start + actions):
                total += max(weights[sequence, state], 0.0)
            for sequence in range(start, start + actions):
                share = max(weights[sequence, state], 0.0) / total if total > 0.0 else 1.0 / actions
                out[sequence, state] = share


@jit
def reach_of(strategy: Floats, parent: Places, first: Places, count: Places, out: Floats) -> None:
    """How likely each sequence's actions are: the product of the shares along it."""
    for state in range(strategy.shape[1]):
        out[0, state] = 1.0
    for decision in range(len(first)):
        above = parent[decision]
        for sequence in range(first[decision], first[decision] + count[decision]):
            for state in range(strategy.shape[1]):
                out[sequence, state] = out[above, state] * strategy[sequence, state]


@jit
def gather(values: Floats, strategy: Floats, parent: Places, first: Places, count: Places) -> None:
    """Bring the gradient's values up: each sequence becomes worth what follows it under the strategy."""
    for decision in range(len(first) - 1, -1, -1):
        above = parent[decision]
        for sequence in range(first[decision], first[decision] + count[decision]):
            for state in range(values.shape[1]):
                values[above, state] += strategy[sequence, state] * values[sequence, state]


@jit
def gather_best(values: Floats, parent: Places, first: Places, count: Places) -> None:
    """Bring the gradient's values up: each sequence becomes worth the best that can follow it."""
    for decision in range(len(first) - 1, -1, -1):
        above, start = parent[decision], first[decision]
        for state in range(values.shape[1]):
            best = values[start, state]
            for sequence in range(start + 1, start + count[decision]):
                best = max(best, values[sequence, state])
            values[above, state] += best


@jit
def regret(values: Floats, strategy: Floats, first: Places, count: Places, regrets: Floats) -> None:
    """Add each action's regret, kept above 0 (regret matching+, Tammelin 2014). ``values`` were gathered."""
    for decision in range(len(first)):
        start, actions = first[decision], count[decision]
        for state in range(values.shape[1]):
            expected = 0.0
            for sequence in range(start, start + actions):
                expected += strategy[sequence, state] * values[sequence, state]
            for sequence in range(start, start + actions):
                regrets[sequence, state] = max(regrets[sequence, state] + values[sequence, state] - expected, 0.0)


def zeros(sequences: int, states: int) -> Floats:
    """An empty table of sequences and states."""
    return np.zeros((sequences, states))
