"""Blends the solver's frequencies with the advisers' opinions: alpha to the solver, the rest by confidence."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from engine.game.actions import Action
from engine.words import ActionValue, Opinion, Solution

TOLERANCE = 1e-6


class BlendError(ValueError):
    """Frequencies that are no distribution."""


@dataclass(frozen=True, slots=True)
class Blend:
    """Frequencies in the solution's order, the alpha that was applied, and which opinions were left out and why."""

    frequencies: tuple[float, ...]
    alpha: float
    refused: tuple[str, ...]


def blend(solution: Solution, opinions: Sequence[Opinion], alpha: float) -> Blend:
    """``alpha`` times the solution plus the rest times the opinions' mean, weighted by confidence.

    A bet or raise that the solution does not hold counts for its nearest size. Opinions that are no distribution, or
    advise a kind of action the solution does not hold, are left out; without any, alpha is 1. BlendError when the
    solution itself is none.
    """
    solved = tuple(value.frequency for value in solution.actions)
    if problem := _problem(solved, len(solution.actions)):
        raise BlendError(f"the {solution.source} solution is no distribution: {problem}")
    judged = [(opinion, _opinion_problem(opinion, solution.actions)) for opinion in opinions]
    refused = tuple(f"{opinion.agent} left out: {problem}" for opinion, problem in judged if problem)
    taken = [opinion for opinion, problem in judged if not problem]
    if not taken:
        return Blend(solved, 1.0, refused)
    advised = _mean(taken, solution.actions)
    mixed = (alpha * one + (1 - alpha) * other for one, other in zip(solved, advised, strict=True))
    return Blend(tuple(mixed), alpha, refused)


def _opinion_problem(opinion: Opinion, values: Sequence[ActionValue]) -> str:
    if not (math.isfinite(opinion.confidence) and opinion.confidence > 0):
        return "no confidence"
    strange = next((action for action, _ in opinion.advice if _place(action, values) is None), None)
    if strange is not None:
        return f"it advises {strange}, and the solution holds nothing like it"
    frequencies = tuple(share for _, share in opinion.advice)
    return _problem(frequencies, len(frequencies))


def _place(action: Action, values: Sequence[ActionValue]) -> int | None:
    """The index of the solution's action that stands for an advised one: the same kind, the nearest amount."""
    same = [index for index, value in enumerate(values) if value.action.kind is action.kind]
    return min(same, key=lambda index: abs(values[index].action.amount - action.amount), default=None)


def _problem(frequencies: tuple[float, ...], count: int) -> str:
    if not frequencies or len(frequencies) != count:
        return f"{len(frequencies)} frequencies for {count} actions"
    if not all(math.isfinite(share) and share >= 0 for share in frequencies):
        return "a frequency is negative or no number"
    total = sum(frequencies)
    return "" if abs(total - 1) <= TOLERANCE else f"the frequencies add up to {total:.6f}"


def _mean(opinions: Sequence[Opinion], values: Sequence[ActionValue]) -> tuple[float, ...]:
    total = sum(opinion.confidence for opinion in opinions)
    shares = [0.0] * len(values)
    for opinion in opinions:
        for action, share in opinion.advice:
            place = _place(action, values)
            assert place is not None
            shares[place] += share * opinion.confidence / total
    return tuple(shares)
