"""The library answers what was solved, for every spot that is the same, and refuses what is damaged."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.clock import SystemClock
from engine.solver.flop import solve_flop
from engine.solver.flop.game import FlopGame
from engine.solver.isomorphism import RELABELLINGS
from engine.solver.library import Address, Library, address
from engine.solver.library.address import POT, RATIO_STEP, AddressError
from engine.solver.spot import Limits, Rake, Solved, Spot, SpotError
from engine.solver.subgame.build import unblocked
from engine.solver.tree.nodes import NodeKind
from tests.solver.subgames import spot

OOP, IP = "AA, KQs, 98s, 76s:0.5", "QQ, JJ:0.25, AKs, T9s"
FLOP = spot("Td9d6h", OOP, IP, pot=110, stack=400)
Solution = tuple[Address, Solved, FlopGame]


@pytest.fixture(scope="module")
def solution() -> Solution:
    at = address(FLOP)
    solved, game = solve_flop(at.spot, Limits(iterations=60), clock=SystemClock())
    return at, solved, game


@pytest.fixture
def library(tmp_path: Path, solution: Solution) -> Library:
    kept = Library(tmp_path / "library", None)
    at, solved, game = solution
    kept.keep(at, game, solved)
    return kept


def other_suits(of: Spot, number: int) -> Spot:
    one = RELABELLINGS[number]
    oop, ip = (one.weights(weights) for weights in of.ranges)
    return replace(of, board=one.board(of.board), ranges=(oop, ip))


def test_what_was_solved_is_answered(library: Library, solution: Solution) -> None:
    at, solved, game = solution
    found = library.find(at.spot)
    answer = found.answer
    assert (found.missed, found.problem) == ("", "")
    assert answer is not None
    assert (answer.iterations, answer.exploitability, answer.limit) == (60, solved.exploitability, game.limit)
    node = theirs = 0
    while answer.tree.kind[node] <= NodeKind.IP_ACTS:
        player = int(answer.tree.kind[node])
        against = answer.reach(node, 1 - player)
        met = unblocked(against) > 1e-3
        assert answer.strategy(node) == pytest.approx(game.strategy(theirs), abs=2e-3)
        assert answer.reach(node, player) == pytest.approx(game.reach(theirs, player), abs=5e-3)
        worth = game.action_values(theirs)[:, met]
        assert answer.action_values(node)[:, met] == pytest.approx(worth, abs=0.005 * POT, rel=0.005)
        node, theirs = answer.tree.children_of(node)[-1], game.tree.children_of(theirs)[-1]


@pytest.mark.parametrize("number", [5, 17, 23])
def test_suits_are_only_names(library: Library, number: int) -> None:
    here, there = library.find(FLOP).answer, library.find(other_suits(FLOP, number)).answer
    assert here is not None
    assert there is not None
    moved = RELABELLINGS[number]
    assert there.strategy(0) == pytest.approx(moved.weights(here.strategy(0)), abs=1e-6)
    assert there.action_values(0) == pytest.approx(moved.weights(here.action_values(0)), abs=1e-6)


def test_chips_are_those_of_the_spot(library: Library) -> None:
    small, large = library.find(FLOP).answer, library.find(replace(FLOP, pot=1100, stack=4000)).answer
    assert small is not None
    assert large is not None
    assert large.tree.to.max() == 4000
    assert large.action_values(0) == pytest.approx(10 * small.action_values(0), rel=0.02, abs=2)


def test_stacks_are_rounded_and_the_answer_says_so(library: Library) -> None:
    near = library.find(replace(FLOP, stack=404)).answer
    assert near is not None
    assert near.rounded == f"stacks of 3.67 pots taken as {address(FLOP).spot.stack / POT:.2f}"
    assert library.find(replace(FLOP, stack=600)).answer is None


@pytest.mark.parametrize("ratio", [0.3, 1.0, 4.05, 19.5])
def test_a_stack_moves_by_half_a_step_at_most(ratio: float) -> None:
    at = address(replace(FLOP, pot=2000, stack=int(2000 * ratio)))
    moved = (at.spot.stack / at.spot.pot) / ratio
    assert RATIO_STEP**-0.51 <= moved <= RATIO_STEP**0.51


@pytest.mark.parametrize(
    "other",
    [
        replace(FLOP, rake=Rake(0.05, 10.0)),
        replace(FLOP, settings=replace(FLOP.settings, merge=0.3)),
        spot("Td9d6h", OOP, "QQ, JJ:0.75, AKs, T9s", pot=110, stack=400),
        spot("Td9d5h", OOP, IP, pot=110, stack=400),
        spot("Td9h6s", OOP, IP, pot=110, stack=400),
    ],
)
def test_what_is_another_game_is_missed(library: Library, other: Spot) -> None:
    found = library.find(other)
    assert found.answer is None
    assert "no entry" in found.missed


def test_what_was_made_is_answered_where_the_tree_has_it(library: Library) -> None:
    known = library.find(FLOP).answer
    assert known is not None
    bet = int(known.tree.to[known.tree.children_of(0)[1]])
    assert library.find(replace(FLOP, made=(bet,))).answer is not None
    strange = library.find(replace(FLOP, made=(bet // 2,)))
    assert strange.answer is None
    assert "another betting" in strange.missed


def test_only_flops_from_their_beginning_are_kept() -> None:
    for other in (spot("Td9d6hQc"), replace(FLOP, bets=(0, 20), raises=1)):
        with pytest.raises(AddressError):
            address(other)
        assert Library(None, None).find(other).missed


def entry_of(library: Library) -> Path:
    (path,) = library.entries
    return path


@pytest.mark.parametrize("place", [3, 20, 60, 400, -100])
def test_a_damaged_entry_is_refused_told_and_built_again(library: Library, solution: Solution, place: int) -> None:
    path = entry_of(library)
    content = bytearray(path.read_bytes())
    content[place] ^= 0x41
    path.write_bytes(bytes(content))
    found = library.find(FLOP)
    assert found.answer is None
    assert str(path) in found.problem
    assert library.entries == ()
    at, solved, game = solution
    library.keep(at, game, solved)
    assert library.find(FLOP).answer is not None


def test_an_entry_cut_short_or_under_another_name_is_refused(library: Library) -> None:
    path = entry_of(library)
    whole = path.read_bytes()
    other = address(replace(FLOP, stack=600))
    path.with_name(other.key + path.suffix).write_bytes(whole)
    assert "not the entry" in library.find(replace(FLOP, stack=600)).problem
    path.write_bytes(whole[: len(whole) // 2])
    assert "damaged" in library.find(FLOP).problem


def test_a_shipped_entry_is_only_read(library: Library, tmp_path: Path) -> None:
    path = entry_of(library)
    both = Library(tmp_path / "own", path.parent)
    assert both.find(FLOP).answer is not None
    path.write_bytes(b"nothing")
    assert "not a file of this program" in both.find(FLOP).problem
    assert path.read_bytes() == b"nothing"
    with pytest.raises(ValueError, match="no folder"):
        Library(None, path.parent).keep(address(FLOP), *solution_of_nothing())


def solution_of_nothing() -> tuple[FlopGame, Solved]:
    solved, game = solve_flop(address(FLOP).spot, Limits(iterations=1), clock=SystemClock())
    return game, solved


def test_the_longest_unused_leave_when_there_is_no_room(tmp_path: Path, solution: Solution) -> None:
    at, solved, game = solution
    one = Library(tmp_path, None).keep(at, game, solved)
    size = one.stat().st_size
    old, unused = (one.with_name(f"{letter * 32}{one.suffix}") for letter in "ab")
    for age, path in ((200, old), (100, unused)):
        path.write_bytes(one.read_bytes())
        os.utime(path, (path.stat().st_atime - age, path.stat().st_mtime - age))
    Library(tmp_path, None, most_bytes=2 * size).keep(at, game, solved)
    assert one.exists()
    assert unused.exists()
    assert not old.exists()


def test_a_node_beyond_the_street_is_not_known(library: Library) -> None:
    answer = library.find(FLOP).answer
    assert answer is not None
    with pytest.raises(SpotError, match="one street"):
        answer.strategy(0, (3,))
    with pytest.raises(SpotError, match="one street"):
        answer.strategy(int(np.flatnonzero(answer.tree.kind == NodeKind.SHOWDOWN)[0]))
