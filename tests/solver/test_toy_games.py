"""Regret minimisation reaches the known answers of Kuhn's poker and Leduc hold'em, for two players and for three."""

from collections.abc import Mapping

import numpy as np
import pytest

from engine.solver.multiway.form import Floats
from engine.solver.multiway.regret import Learner, gains
from tests.solver.toys import Toy, kuhn, leduc

JACK, QUEEN, KING, _ = range(4)


def learned(toy: Toy, iterations: int) -> list[Floats]:
    learner = Learner(toy.forms, toy)
    for _ in range(iterations):
        assert learner.step()
    assert learner.iterations == iterations
    return [learner.average(player) for player in range(len(toy.forms))]


def aggression(toy: Toy, profile: list[Floats], player: int, line: str) -> Floats:
    """How often each card bets or calls after a line."""
    decision = toy.names[player].index(line)
    row: Floats = profile[player][toy.forms[player].first[decision] + 1]
    return row


def test_kuhns_poker_is_worth_a_negative_eighteenth() -> None:
    """Kuhn 1950: the first player bluffs his worst card with a share a of at most 1/3 and bets his best three times
    as often; he calls with the middle card a + 1/3 of the time. The second bluffs and calls a third of the time."""
    toy = kuhn(2)
    profile = learned(toy, 2000)
    worth, gained = gains(toy.forms, toy, profile)
    assert worth == pytest.approx([-1 / 18, 1 / 18], abs=1e-5)
    assert gained.max() < 3e-4
    bluff, _, best = aggression(toy, profile, 0, "")
    assert 0 <= bluff <= 1 / 3 + 0.01
    assert best == pytest.approx(3 * bluff, abs=0.02)
    assert aggression(toy, profile, 0, "kb") == pytest.approx([0, bluff + 1 / 3, 1], abs=0.01)
    assert aggression(toy, profile, 1, "k") == pytest.approx([1 / 3, 0, 1], abs=0.01)
    assert aggression(toy, profile, 1, "b") == pytest.approx([0, 1 / 3, 1], abs=0.01)


def test_leduc_holdem_has_its_known_value() -> None:
    toy = leduc()
    worth, gained = gains(toy.forms, toy, learned(toy, 1000))
    assert worth == pytest.approx([-0.0856, 0.0856], abs=1e-4)
    assert 0 <= gained.min() <= gained.max() < 1e-3


def test_three_player_kuhn_reaches_an_equilibrium_of_the_known_family() -> None:
    toy = kuhn(3)
    profile = learned(toy, 2000)
    _, gained = gains(toy.forms, toy, profile)
    assert gained.max() < 1e-4
    assert departures(toy, profile) == pytest.approx(0, abs=0.01)


def departures(toy: Toy, profile: list[Floats]) -> float:
    """How far the profile lies outside the family of Szafron, Gibson and Sturtevant (2013, "A parameterized family of
    equilibrium profiles for three-player Kuhn poker"), as the largest distance of a frequency from its bounds.

    In their names a, b, c are the players and x41 is what the fourth card does in the first situation.
    """
    own = {(player, line): aggression(toy, profile, player, line) for player in range(3) for line in toy.names[player]}
    b11, b21, _, _ = own[1, "k"]
    b23, b32 = own[1, "kkbf"][QUEEN], own[1, "b"][KING]
    c11, c33, c34 = own[2, "kk"][JACK], own[2, "bf"][KING], own[2, "bc"][KING]
    most = max(b11, b21)
    slack = 0.75 * (b11 + b21) + most / 4
    expected = {
        (0, ""): (0, 0, 0, 0),
        (0, "kkb"): (0, 0, 0, 1),
        (0, "kbf"): (0, 0, 0.5, 1),
        (0, "kbc"): (0, 0, 0, 1),
        (1, "k"): (b11, b21, 0, 2 * b11 + 2 * b21),
        (1, "b"): (0, 0, b32, 1),
        (1, "kkbf"): (0, b23, 0.5 + (b11 + b21 + most) / 2 - b23 * (1 - b21), 1),
        (1, "kkbc"): (0, 0, 0, 1),
        (2, "kk"): (c11, 0.5 - c11, 0, 1),
        (2, "kb"): (0, 0, 0, 1),
        (2, "bf"): (0, 0, c33, 1),
        (2, "bc"): (0, 0, c34, 1),
    }
    outside = [
        c11 - 0.5,
        b23 - max(0.0, (b11 - b21) / (2 * (1 - b21))),
        b32 - 0.5 - slack,
        0.5 - b32 - c33,
        c33 - (0.5 - b32 + slack),
        *(_outside_by_family(c11, b11, b21)),
    ]
    apart = [np.abs(own[place] - np.array(row)).max() for place, row in expected.items()]
    return float(max(0.0, *outside, *apart))


def _outside_by_family(c11: float, b11: float, b21: float) -> list[float]:
    """The bounds that differ between the three sub-families."""
    if c11 < 1e-3:
        return [b21 - 0.25, b11 - b21]
    if c11 > 0.5 - 1e-3:
        return [b11 - 0.25, b21 - min(b11, 0.5 - 2 * b11)]
    limit = (2 - b11) / (3 + 4 * b11) if b11 > 1 / 6 else 0.5
    return [b11 - 0.25, abs(b21 - b11), c11 - limit]


@pytest.mark.parametrize(
    ("c11", "b11", "b21", "b23", "b32", "c33", "c34"),
    [
        (0.0, 0.0, 0.0, 0.0, 0.5, 0.0, 0.3),
        (0.0, 0.1, 0.25, 0.0, 0.3, 0.4, 1.0),
        (0.25, 0.2, 0.2, 0.0, 0.2, 0.35, 0.0),
        (0.5, 0.2, 0.05, 0.05, 0.4, 0.2, 0.7),
        (0.5, 1 / 6, 1 / 6, 0.0, 0.1, 0.45, 0.5),
    ],
)
def test_members_of_the_family_are_equilibria_by_exact_best_replies(
    c11: float, b11: float, b21: float, b23: float, b32: float, c33: float, c34: float
) -> None:
    """The published family, entered by hand: nobody gains by any deviation. A member moved by a tenth does gain."""
    most = max(b11, b21)
    frequencies = {
        "": (0.0, 0.0, 0.0, 0.0),
        "kkb": (0.0, 0.0, 0.0, 1.0),
        "kbf": (0.0, 0.0, 0.5, 1.0),
        "kbc": (0.0, 0.0, 0.0, 1.0),
        "k": (b11, b21, 0.0, 2 * b11 + 2 * b21),
        "b": (0.0, 0.0, b32, 1.0),
        "kkbf": (0.0, b23, 0.5 + (b11 + b21 + most) / 2 - b23 * (1 - b21), 1.0),
        "kkbc": (0.0, 0.0, 0.0, 1.0),
        "kk": (c11, 0.5 - c11, 0.0, 1.0),
        "kb": (0.0, 0.0, 0.0, 1.0),
        "bf": (0.0, 0.0, c33, 1.0),
        "bc": (0.0, 0.0, c34, 1.0),
    }
    toy = kuhn(3)
    profile = entered(toy, frequencies)
    worth, gained = gains(toy.forms, toy, profile)
    assert gained.max() < 1e-12
    assert worth.sum() == pytest.approx(0, abs=1e-12)
    assert departures(toy, profile) < 1e-12
    moved = entered(toy, {**frequencies, "kk": (c11, 0.6 - c11, 0.0, 1.0)})
    assert gains(toy.forms, toy, moved)[1].max() > 1e-3
    assert departures(toy, moved) > 0.05


def entered(toy: Toy, frequencies: Mapping[str, tuple[float, ...]]) -> list[Floats]:
    profile = []
    for form, names in zip(toy.forms, toy.names, strict=True):
        strategy = np.zeros((form.sequences, form.states))
        for first, name in zip(form.first, names, strict=True):
            strategy[first + 1] = frequencies[name]
            strategy[first] = 1 - strategy[first + 1]
        profile.append(strategy)
    return profile


def test_a_step_that_is_not_wanted_leaves_the_average_as_it_was() -> None:
    toy = kuhn(3)
    learner = Learner(toy.forms, toy)
    for _ in range(5):
        learner.step()
    before = [learner.average(player) for player in range(3)]
    assert not learner.step(lambda: False)
    assert learner.iterations == 5
    assert all(np.array_equal(old, learner.average(player)) for player, old in enumerate(before))
