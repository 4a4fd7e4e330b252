"""A street's betting in sequence form: reach goes down over a flat table of decisions, values come up.

A strategy is stored as positive numbers that are proportional to it, an action a row; all zero means every action
alike (regret matching: Hart and Mas-Colell 2000; Zinkevich et al. 2007). Counterfactual regrets are clipped at 0 as
in CFR+ (Tammelin 2014) and, with the sums of strategies, discounted as in DCFR (Brown and Sandholm 2019).
"""

from typing import Any

import numpy as np

from engine.solver.kernels.part import part
from engine.solver.kernels.simd import if_positive, index, larger, load, reciprocal, spread, store, zeros
from engine.solver.kernels.tables import (
    ACTIONS,
    BASE,
    BEST_RESPONSE,
    DECISION_FIELDS,
    LOCKED,
    PARENT,
    STORED,
    TRAIN,
    Floats,
    Memory,
    Rule,
    Whole,
)


@part
def descend(decisions: Whole, begin: int, end: int, strategy: Floats, at: int, width: int, reach: Floats) -> None:
    """Fill in the rows of ``reach`` below the segments' roots: parent's reach times the strategy.

    ``strategy`` is read from ``at`` on, where this deal's rows begin.
    """
    for decision in range(begin * DECISION_FIELDS, end * DECISION_FIELDS, DECISION_FIELDS):
        actions = index(decisions, decision + ACTIONS)
        parent = index(decisions, decision + PARENT) * width
        base = index(decisions, decision + BASE) * width
        stored = at + index(decisions, decision + STORED) * width
        alike = spread(np.float32(1.0) / np.float32(actions))
        for hand in range(0, width, 16):
            total = load(strategy, stored + hand)
            for action in range(1, actions):
                total = total + load(strategy, stored + action * width + hand)
            before = load(reach, parent + hand)
            scale = if_positive(total, reciprocal(total), zeros()) * before
            level = if_positive(total, zeros(), alike) * before
            for action in range(actions):
                place = action * width + hand
                store(reach, base + place, load(strategy, stored + place) * scale + level)


@part
def ascend(
    decisions: Whole, begin: int, end: int, memory: Memory, at: int, width: int, values: Floats, rule: Rule
) -> None:
    """Add the value of each decision to its parent's row, last decision first; in an iteration, update what is stored.

    At a locked decision the stored strategy is played whatever the pass is for, and never changed.
    """
    for decision in range((end - 1) * DECISION_FIELDS, (begin - 1) * DECISION_FIELDS, -DECISION_FIELDS):
        actions = index(decisions, decision + ACTIONS)
        parent = index(decisions, decision + PARENT) * width
        base = index(decisions, decision + BASE) * width
        stored = at + index(decisions, decision + STORED) * width
        locked = index(decisions, decision + LOCKED)
        if rule.kind == BEST_RESPONSE and not locked:
            _best(parent, base, actions, width, values)
        elif rule.kind == TRAIN and not locked:
            _learn(parent, base, stored, actions, width, memory, values, rule)
        else:
            _expect(parent, base, stored, actions, width, memory.average, values)


@part
def _best(parent: int, base: int, actions: int, width: int, values: Floats) -> None:
    for hand in range(0, width, 16):
        best = load(values, base + hand)
        for action in range(1, actions):
            best = larger(best, load(values, base + action * width + hand))
        store(values, parent + hand, load(values, parent + hand) + best)


@part
def _expect(parent: int, base: int, stored: int, actions: int, width: int, strategy: Floats, values: Floats) -> None:
    alike = spread(np.float32(1.0) / np.float32(actions))
    for hand in range(0, width, 16):
        total, worth, mean = zeros(), zeros(), zeros()
        for action in range(actions):
            place = action * width + hand
            share, value = load(strategy, stored + place), load(values, base + place)
            total, worth, mean = total + share, worth + share * value, mean + value
        expected = if_positive(total, worth * if_positive(total, reciprocal(total), zeros()), mean * alike)
        store(values, parent + hand, load(values, parent + hand) + expected)


@part
def _learn(
    parent: int, base: int, stored: int, actions: int, width: int, memory: Memory, values: Floats, rule: Rule
) -> None:
    alike = spread(np.float32(1.0) / np.float32(actions))
    keep_regret, keep_average = spread(rule.regret_factor), spread(rule.average_factor)
    regrets, average = memory.regrets, memory.average
    for hand in range(0, width, 16):
        total: Any = zeros()
        worth, mean = zeros(), zeros()
        for action in range(actions):
            place = action * width + hand
            regret, value = load(regrets, stored + place), load(values, base + place)
            total, worth, mean = total + regret, worth + regret * value, mean + value
        scale = if_positive(total, reciprocal(total), zeros())
        level = if_positive(total, zeros(), alike)
        expected = worth * scale + mean * level
        store(values, parent + hand, load(values, parent + hand) + expected)
        for action in range(actions):
            place = action * width + hand
            row = stored + place
            regret = load(regrets, row)
            gain = load(values, base + place) - expected
            store(memory.next_average, row, load(average, row) * keep_average + (regret * scale + level))
            store(memory.next_regrets, row, larger(regret * keep_regret + gain, zeros()))
