"""Solutions on disk: read as they were solved, gone on with bit for bit, refused where they do not fit together."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.clock import SystemClock
from engine.game.range_notation import parse
from engine.game.ranges import COMBO_COUNT
from engine.solver.anytime import solve
from engine.solver.array_file import read, write
from engine.solver.spot import Limits, Lock, Solved, Spot
from engine.solver.stored import VERSION, StoredError, load, resume, save
from engine.solver.subgame import Subgame
from engine.solver.tree.build import build
from engine.solver.tree.path import find
from tests.solver import benchmark_spots
from tests.solver.benchmark_spots import IP_RANGE, OOP_RANGE

SMALL = (parse("99,AQs:0.3,KJs,87s"), parse("TT,KQs,JTs:0.7,A5s"))


def solved(spot: Spot, iterations: int, *locks: Lock) -> tuple[Solved, Subgame]:
    return solve(spot, Limits(iterations=iterations), clock=SystemClock(), locks=locks)


@pytest.fixture(scope="module")
def river() -> Iterator[tuple[Solved, Subgame]]:
    spot = benchmark_spots.spot("a", (parse(OOP_RANGE), parse(IP_RANGE)))
    answer, subgame = solved(spot, 40)
    yield answer, subgame
    subgame.close()


@pytest.fixture(scope="module")
def saved(river: tuple[Solved, Subgame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("saved") / "river.solution"
    save(path, *river)
    return path


@pytest.fixture
def stored(saved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(saved, tmp_path))


def test_every_decision_of_the_street_comes_back_as_it_was_solved(river: tuple[Solved, Subgame], stored: Path) -> None:
    found, (_, subgame) = load(stored), river

    assert len(found.nodes) == int((subgame.tree.kind <= 1).sum())
    for node in map(int, found.nodes):
        np.testing.assert_array_equal(found.strategy(node), subgame.strategy(node))
        for player in (0, 1):
            np.testing.assert_allclose(found.values(node, player), subgame.values(node, player), rtol=1e-6)
            np.testing.assert_allclose(found.reach(node, player), subgame.reach(node, player), rtol=1e-5, atol=1e-9)


def test_spot_tree_and_figures_come_back(river: tuple[Solved, Subgame], stored: Path) -> None:
    found, (answer, subgame) = load(stored), river
    again = found.solved()

    assert found.spot.settings == subgame.spot.settings
    for name in ("board", "pot", "stack", "rake", "bets", "to_act", "raises"):
        assert getattr(found.spot, name) == getattr(subgame.spot, name)
    for player in (0, 1):
        np.testing.assert_array_equal(found.spot.ranges[player], subgame.spot.ranges[player])
    np.testing.assert_array_equal(found.tree.paid, subgame.tree.paid)
    assert found.tree.children_of(0) == subgame.tree.children_of(0)
    for name in ("iteration", "exploitability", "ev", "equity", "hands", "took_ns", "build_ns", "memory_bytes", "cut"):
        assert getattr(again, name) == getattr(answer, name), name
    assert again.actions == answer.actions
    np.testing.assert_array_equal(again.root, answer.root)


def test_a_whole_solution_goes_on_bit_for_bit(tmp_path: Path) -> None:
    """On the turn, with a locked node: 6 iterations, stored, and 5 more, against 11 in one go."""
    spot = benchmark_spots.spot("b", SMALL)
    node = find(build(spot), "x/b120")
    frequencies = np.repeat(np.array([[0.5], [0.25], [0.25]], dtype=np.float32), COMBO_COUNT, axis=1)
    lock = Lock(node, frequencies)
    answer, begun = solved(spot, 6, lock)
    save(tmp_path / "turn.solution", answer, begun, whole=True)
    found = resume(load(tmp_path / "turn.solution"))
    for _ in range(5):
        found.step()
    _, straight = solved(spot, 11, lock)

    assert found.iterations == straight.iterations == 11
    for each in range(straight.tree.size):
        if straight.tree.kind[each] <= 1:
            cards = (3,) if straight.tree.street[each] == 5 else ()
            np.testing.assert_array_equal(found.strategy(each, cards), straight.strategy(each, cards))
    assert found.evs() == straight.evs()
    for subgame in (begun, found, straight):
        subgame.close()


def test_what_was_kept_by_another_layout_is_refused(tmp_path: Path) -> None:
    answer, subgame = solved(benchmark_spots.spot("a", SMALL), 2)
    path = tmp_path / "river.solution"
    save(path, answer, subgame, whole=True)
    subgame.close()
    whole = read(path, VERSION)
    write(path, VERSION, whole.about, whole.arrays | {"kept.regrets.0.ip": whole.arrays["kept.regrets.0.ip"][:-16]})

    with pytest.raises(StoredError, match=r"cannot go on with the solution: regrets\.0\.ip does not fit"):
        resume(load(path))


def test_only_a_whole_solution_goes_on(stored: Path) -> None:
    with pytest.raises(StoredError, match="save it whole"):
        resume(load(stored))


def test_what_lies_beyond_the_street_is_not_stored(tmp_path: Path) -> None:
    answer, subgame = solved(benchmark_spots.spot("b", SMALL), 2)
    path = tmp_path / "turn.solution"
    save(path, answer, subgame)
    found = load(path)
    river_node = find(found.tree, "x/x")
    subgame.close()

    with pytest.raises(StoredError, match="not stored"):
        found.strategy(river_node)
    with pytest.raises(StoredError, match="not stored"):
        found.values(0, 0, (3,))


@pytest.mark.parametrize("array", ["ranges", "nodes", "hands.ip", "strategy.oop", "values.ip", "tree.kind"])
def test_a_file_that_lacks_a_part_is_refused(array: str, stored: Path) -> None:
    whole = read(stored, VERSION)
    write(stored, VERSION, whole.about, {name: part for name, part in whole.arrays.items() if name != array})

    with pytest.raises(StoredError, match="does not fit together"):
        load(stored)


@pytest.mark.parametrize("array", ["ranges", "nodes", "hands.ip", "strategy.oop", "values.ip", "tree.kind"])
def test_a_file_whose_parts_do_not_fit_is_refused(array: str, stored: Path) -> None:
    whole = read(stored, VERSION)
    write(stored, VERSION, whole.about, whole.arrays | {array: whole.arrays[array][:-1]})

    with pytest.raises(StoredError, match="does not fit together"):
        load(stored)


def test_hands_beyond_the_pairs_are_refused(stored: Path) -> None:
    whole = read(stored, VERSION)
    write(stored, VERSION, whole.about, whole.arrays | {"hands.oop": whole.arrays["hands.oop"] + np.int16(1000)})

    with pytest.raises(StoredError, match="not places of pairs"):
        load(stored)


def test_another_file_of_arrays_is_no_solution(tmp_path: Path) -> None:
    write(tmp_path / "other", VERSION, {"what": "something else"}, {})

    with pytest.raises(StoredError, match="holds no solution"):
        load(tmp_path / "other")


def test_the_header_is_json_that_other_programs_read(stored: Path) -> None:
    content = stored.read_bytes()
    header = json.loads(content[32 : 32 + int.from_bytes(content[12:16], "little")])

    assert header["about"]["spot"]["board"] == "Td9d6hQc2s"
    assert header["about"]["iterations"] == 40
    assert header["arrays"]["ranges"]["shape"] == [2, 1326]
