"""The StrategyEngine blends by alpha, draws by seed, explains itself, and falls back to the safe action."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.agents.none import NoAdvisers
from engine.game.actions import Action, ActionKind, LegalActions
from engine.game.state import SeatState, Street, TableState
from engine.strategy.engine import StrategyEngine
from engine.strategy.safe_action import safe_action
from engine.strategy.selection import draw, hand_seed, select
from engine.words import ActionValue, Opinion, SafeActionError, Solution

FOLD, CHECK, CALL, RAISE = (
    Action(ActionKind.FOLD),
    Action(ActionKind.CHECK),
    Action(ActionKind.CALL, 40),
    Action(ActionKind.RAISE, 120),
)
FACING_A_BET = LegalActions(call_amount=40, min_to=80, max_to=2000)
FREE = LegalActions(call_amount=0, min_to=20, max_to=2000, opening=True)


def state(legal: LegalActions | None = FACING_A_BET) -> TableState:
    seats = (SeatState(0, 2000, 1980, 0, False), SeatState(1, 2000, 1940, 40, False))
    return TableState("hand-1", 0, 0, 10, 20, seats, ("As", "Kd"), ("2c", "7d", "9h"), Street.FLOP, 80, (), 0, legal)


def solution(fold: float = 0.2, call: float = 0.5, raising: float = 0.3) -> Solution:
    values = (ActionValue(FOLD, fold, 0.0), ActionValue(CALL, call, 12.0), ActionValue(RAISE, raising, 14.5))
    return Solution("baseline", values, 0.55, None, "equity 55%", 1_000)


def opinion(*frequencies: float, confidence: float = 1.0, agent: str = "grinder") -> Opinion:
    return Opinion(agent, tuple(zip((FOLD, CALL, RAISE), frequencies, strict=False)), confidence, "because", 1)


def shares(alpha: float, *opinions: Opinion) -> list[float]:
    decision = StrategyEngine(alpha).decide(state(), solution(), opinions, 1)
    return [value.frequency for value in decision.distribution]


def test_without_opinions_the_solver_decides_alone() -> None:
    advice = NoAdvisers().opinions()
    decision = StrategyEngine(0.4).decide(state(), solution(), advice, 1)
    assert decision.alpha == 1.0
    assert [value.frequency for value in decision.distribution] == [0.2, 0.5, 0.3]
    assert any("no opinions" in reason for reason in decision.reasons)


def test_alpha_weighs_the_solver_against_the_opinions() -> None:
    assert shares(1.0, opinion(1, 0, 0)) == pytest.approx([0.2, 0.5, 0.3])
    assert shares(0.75, opinion(1, 0, 0)) == pytest.approx([0.4, 0.375, 0.225])
    assert shares(0.0, opinion(1, 0, 0)) == pytest.approx([1, 0, 0])


def test_a_history_that_could_have_been_another_is_said() -> None:
    sure = StrategyEngine().decide(state(), solution(), (), 1)
    doubtful = StrategyEngine().decide(replace(state(), certain=False), solution(), (), 1)
    assert doubtful.action == sure.action
    assert set(doubtful.reasons) - set(sure.reasons) == {doubtful.reasons[-1]}
    assert "could not be seen" in doubtful.reasons[-1]


def test_an_advised_size_counts_for_the_nearest_one_of_the_solution() -> None:
    assert shares(0.0, Opinion("grinder", ((Action(ActionKind.RAISE, 300), 1.0),), 1.0, "big", 1)) == [0, 0, 1]


def test_opinions_weigh_by_their_confidence() -> None:
    assert shares(0.0, opinion(1, 0, 0, confidence=0.9), opinion(0, 0, 1, confidence=0.3)) == pytest.approx(
        [0.75, 0, 0.25]
    )


@pytest.mark.parametrize(
    "bad",
    [
        opinion(),
        Opinion("grinder", ((CHECK, 1.0),), 1.0, "because", 1),
        opinion(0.5, 0.6, 0),
        opinion(-1, 2, 0),
        opinion(float("nan"), 0, 1),
        opinion(1, 0, 0, confidence=0),
    ],
)
def test_an_opinion_that_is_no_distribution_is_left_out_and_named(bad: Opinion) -> None:
    decision = StrategyEngine(0.5).decide(state(), solution(), [bad], 1)
    assert decision.alpha == 1.0
    assert any(reason.startswith("grinder left out: ") for reason in decision.reasons)
    assert not decision.fallback


@given(st.integers(0, 2**63 - 1), st.floats(0, 1), st.lists(st.floats(0.01, 1), min_size=3, max_size=3))
@settings(deadline=None)
def test_the_same_inputs_decide_the_same_and_legally(seed: int, alpha: float, parts: list[float]) -> None:
    advice = opinion(*(part / sum(parts) for part in parts))
    first, second = (StrategyEngine(alpha).decide(state(), solution(), [advice], seed) for _ in range(2))
    assert first == second
    FACING_A_BET.check(first.action)
    assert sum(value.frequency for value in first.distribution) == pytest.approx(1)


def test_actions_are_drawn_as_often_as_they_should_be() -> None:
    engine = StrategyEngine()
    drawn = Counter(engine.decide(state(), solution(), (), hand_seed(str(n), "s")).action for n in range(4_000))
    assert [drawn[action] / 4_000 for action in (FOLD, CALL, RAISE)] == pytest.approx([0.2, 0.5, 0.3], abs=0.03)


def test_the_reasons_say_what_was_played_and_why() -> None:
    decision = StrategyEngine().decide(state(), solution(0, 1, 0), (), 1)
    assert decision.reasons[0] == "call 40: played 100% of the time, worth +12.0 chips against folding"
    assert decision.reasons[1] == "baseline: equity 55%"
    assert (decision.source, decision.seed, decision.hand_id) == ("baseline", 1, "hand-1")


@pytest.mark.parametrize(
    ("legal", "wrong", "safe"),
    [
        (FACING_A_BET, solution(0.5, 0.1, 0.1), FOLD),
        (FACING_A_BET, solution(float("nan"), 0.5, 0.5), FOLD),
        (FACING_A_BET, replace(solution(), actions=()), FOLD),
        (LegalActions(call_amount=40), solution(0, 0, 1), FOLD),
        (LegalActions(call_amount=30, min_to=80, max_to=2000), solution(0, 1, 0), FOLD),
        (FREE, solution(0, 1, 0), CHECK),
        (FREE, solution(1, 0, 0), CHECK),
    ],
)
def test_what_cannot_be_played_becomes_the_safe_action(legal: LegalActions, wrong: Solution, safe: Action) -> None:
    decision = StrategyEngine().decide(state(legal), wrong, (), 3)
    assert (decision.action, decision.fallback, decision.source) == (safe, True, "safe")
    assert decision.reasons[0].startswith("the safe action, because ")


def test_the_safe_action_checks_or_folds_or_says_that_nobody_is_to_act() -> None:
    assert safe_action(FREE) == CHECK
    assert safe_action(FACING_A_BET) == FOLD
    with pytest.raises(SafeActionError, match="nobody is to act"):
        safe_action(None)
    with pytest.raises(SafeActionError, match="nobody is to act"):
        StrategyEngine().decide(state(None), solution(), (), 1)


def test_an_alpha_outside_its_bounds_is_refused() -> None:
    with pytest.raises(ValueError, match="alpha"):
        StrategyEngine(1.5)


def test_seeds_and_draws_are_fixed_for_ever() -> None:
    """A recorded session is replayed with them: these values may not change."""
    assert hand_seed("hand-1", "session-1") == 1494653734947638608
    assert draw(1, 0) == 0.09702883911328064
    assert hand_seed("a", "bc") != hand_seed("ab", "c")


@given(st.integers(0, 2**63 - 1), st.integers(0, 50))
@settings(deadline=None)
def test_a_draw_is_a_fraction(seed: int, actions: int) -> None:
    assert 0 <= draw(seed, actions) < 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6).filter(lambda parts: sum(parts) > 0.01), st.floats(0, 1))
@settings(deadline=None)
def test_what_has_no_frequency_is_never_selected(parts: list[float], drawn: float) -> None:
    assert parts[select([part / sum(parts) for part in parts], drawn)] > 0
