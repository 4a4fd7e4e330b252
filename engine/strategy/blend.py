"""Blends the solver's frequencies with the advisers' opinions: alpha to the solver, the rest by confidence."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from engine.words import Opinion, Solution

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

    Opinions that are no distribution over the solution's actions are left out; without any, alpha is 1. BlendError
    when the solution itself is none.
    """
    solved = tuple(value.frequency for value in solution.actions)
    if problem := _problem(solved, len(solution.actions)):
        raise BlendError(f"the {solution.source} solution is no distribution: {problem}")
    judged = [(opinion, _opinion_problem(opinion, len(solved))) for opinion in opinions]
    refused = tuple(f"{opinion.agent} left out: {problem}" for opinion, problem in judged if problem)
    taken = [opinion for opinion, problem in judged if not problem]
    if not taken:
        return Blend(solved, 1.0, refused)
    advised = _mean(taken)
    mixed = (alpha * one + (1 - alpha) * other for one, other in zip(solved, advised, strict=True))
    return Blend(tuple(mixed), alpha, refused)


def _opinion_problem(opinion: Opinion, count: int) -> str:
    if not (math.isfinite(opinion.confidence) and opinion.confidence > 0):
        return "no confidence"
    return _problem(opinion.frequencies, count)


def _problem(frequencies: tuple[float, ...], count: int) -> str:
    if not frequencies or len(frequencies) != count:
        return f"{len(frequencies)} frequencies for {count} actions"
    if not all(math.isfinite(share) and share >= 0 for share in frequencies):
        return "a frequency is negative or no number"
    total = sum(frequencies)
    return "" if abs(total - 1) <= TOLERANCE else f"the frequencies add up to {total:.6f}"


def _mean(opinions: Sequence[Opinion]) -> tuple[float, ...]:
    total = sum(opinion.confidence for opinion in opinions)
    columns = zip(*(opinion.frequencies for opinion in opinions), strict=True)
    weights = [opinion.confidence / total for opinion in opinions]
    return tuple(sum(weight * share for weight, share in zip(weights, column, strict=True)) for column in columns)
