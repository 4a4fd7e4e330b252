"""The StrategyEngine: blends solution and opinions, selects by seed, and always answers with a legal action."""

from collections.abc import Sequence
from dataclasses import replace

from engine.game.actions import Action, ActionKind, IllegalActionError, LegalActions
from engine.game.state import TableState
from engine.strategy.blend import Blend, BlendError, blend
from engine.strategy.safe_action import safe_decision
from engine.strategy.selection import draw, select
from engine.words import ActionValue, Decision, Opinion, SafeActionError, Solution


class StrategyEngine:
    """Implements ``engine.ports.Strategist``. ``alpha`` in [0, 1] is the solver's weight against the advisers."""

    def __init__(self, alpha: float = 1.0) -> None:
        if not 0 <= alpha <= 1:
            raise ValueError(f"alpha is {alpha}: give 0 (advisers alone) to 1 (solver alone)")
        self._alpha = alpha

    def decide(self, state: TableState, solution: Solution, opinions: Sequence[Opinion], seed: int) -> Decision:
        """A legal decision, the same for the same inputs bit for bit. SafeActionError when nobody is to act.

        ``seed`` is the hand's; the number of actions so far makes each decision of a hand a draw of its own. Where
        the blended choice cannot be played the safe action is, with ``fallback`` set and the reason.
        """
        if state.legal is None:
            raise SafeActionError(f"hand {state.hand_id}: nobody is to act, so there is nothing to decide")
        try:
            return self._choose(state, state.legal, solution, opinions, seed)
        except (BlendError, IllegalActionError) as problem:
            return safe_decision(state, seed, str(problem))

    def _choose(
        self, state: TableState, legal: LegalActions, solution: Solution, opinions: Sequence[Opinion], seed: int
    ) -> Decision:
        blended = blend(solution, opinions, self._alpha)
        drawn = draw(seed, len(state.history))
        pairs = zip(solution.actions, blended.frequencies, strict=True)
        distribution = tuple(replace(value, frequency=share) for value, share in pairs)
        chosen = distribution[select(blended.frequencies, drawn)]
        _check(legal, chosen.action)
        return Decision(
            hand_id=state.hand_id,
            action=chosen.action,
            distribution=distribution,
            reasons=(*_reasons(chosen, drawn, solution, opinions, blended), *_doubts(state)),
            source=solution.source,
            alpha=blended.alpha,
            seed=seed,
            fallback=False,
        )


def _check(legal: LegalActions, action: Action) -> None:
    legal.check(action)
    if action.kind is ActionKind.FOLD and legal.can_check:
        raise IllegalActionError("fold is not played where checking is free")


def _reasons(
    chosen: ActionValue, drawn: float, solution: Solution, opinions: Sequence[Opinion], blended: Blend
) -> tuple[str, ...]:
    played = f"{chosen.action}: played {chosen.frequency:.0%} of the time, worth {chosen.ev:+.1f} chips against folding"
    return (
        played,
        f"{solution.source}: {solution.detail}",
        _advice_words(opinions, blended),
        *blended.refused,
        f"drew {drawn:.3f}",
    )


def _doubts(state: TableState) -> tuple[str, ...]:
    if state.certain:
        return ()
    return ("the order of some actions could not be seen: chips are right, what the opponents hold is read less well",)


def _advice_words(opinions: Sequence[Opinion], blended: Blend) -> str:
    taken = len(opinions) - len(blended.refused)
    if not taken:
        return "no opinions: the solver alone (alpha 1)"
    return f"{taken} of {len(opinions)} opinions taken, the solver's weight is {blended.alpha:.2f}"
