"""A spot as a JSON document: what it means, what is refused, and that every spot comes back as it was."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.game.range_notation import parse
from engine.game.ranges import COMBO_COUNT
from engine.solver.spot import Rake, SpotError
from engine.solver.spot_document import SpotDocument
from engine.solver.tree.build import build
from engine.solver.tree.settings import StreetSizes
from engine.solver.tree.sizes import parse_sizes
from engine.solver.tree.text import listing
from tests.solver import benchmark_spots
from tests.solver.benchmark_spots import IP_RANGE, OOP_RANGE

TURN: dict[str, Any] = {
    "board": "Td9d6hQc",
    "oop": OOP_RANGE,
    "ip": IP_RANGE,
    "pot": 200,
    "stack": 900,
    "bets": "60%,e,a",
    "raises": "2.5x",
    "donk": "50%",
}


def document(**changes: object) -> SpotDocument:
    return SpotDocument.read(json.dumps(TURN | changes))


def test_a_few_words_make_the_measured_turn() -> None:
    spot = document().spot()

    assert (spot.pot, spot.stack, spot.to_act, spot.bets) == (200, 900, 0, (0, 0))
    np.testing.assert_array_equal(spot.ranges[1], parse(IP_RANGE))
    assert listing(build(spot)) == listing(build(benchmark_spots.spot("b")))


def test_sizes_of_one_player_on_one_street_go_before_the_general_ones() -> None:
    spot = document(turn={"ip": {"bets": "100%"}}, river={"oop": {"donk": ""}}).spot()

    assert spot.settings.turn[0].bets == parse_sizes("60%,e,a")
    assert spot.settings.turn[1].bets == parse_sizes("100%")
    assert spot.settings.turn[1].raises == parse_sizes("2.5x", raises=True)
    assert spot.settings.river[0].donk == ()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"board": "Td9d6hQx"}, "board: 'Qx' is not a card"),
        ({"board": "Td9d6hTd"}, "board: .* names a card twice"),
        ({"oop": "66+,A1s"}, "oop: A1s at 5: "),
        ({"bets": "60%,75"}, "bets: the size '75' at 5 has no unit"),
        ({"turn": {"ip": {"raises": "0.5x"}}}, "turn.ip.raises: the size '0.5x' at 1 is out of bounds"),
        ({"pot": "200"}, 'pot: "200" - '),
        ({"pot": 0}, "pot: 0 - "),
        ({"potsize": 3}, "potsize: unknown key; known are board, oop, ip"),
        ({"rake": 1.5}, "rake of 1.5"),
        ({"to_act": "hero"}, 'to_act: "hero" - '),
        ({"merge": -1}, "merge is -1"),
        ({"put_in": [0, 50], "to_act": "ip"}, "player 1 has nothing to answer"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, object], message: str) -> None:
    with pytest.raises(SpotError, match=message):
        document(**changes).spot()


def test_what_is_missing_is_named() -> None:
    with pytest.raises(SpotError, match="ip: missing"):
        SpotDocument.read(json.dumps({key: value for key, value in TURN.items() if key != "ip"}))


def test_text_that_is_no_json_is_refused() -> None:
    with pytest.raises(SpotError, match="not JSON"):
        SpotDocument.read("board: Td9d6hQc")


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 900), st.booleans())
def test_every_spot_comes_back_as_it_was(seed: int, bet: int, raised: bool) -> None:
    ranges = np.random.default_rng(seed).uniform(0, 1, (2, COMBO_COUNT))
    mixed = (
        StreetSizes(parse_sizes("33%,2e"), parse_sizes("a", raises=True)),
        StreetSizes((), parse_sizes("3x", raises=True)),
    )
    spot = benchmark_spots.spot("b", (ranges[0], ranges[1]))
    spot = replace(
        spot,
        settings=replace(spot.settings, turn=mixed, merge=0.05, most_raises=3, least_bet=20),
        rake=Rake(0.05, 12.5),
        bets=(bet, bet - 1) if raised else (0, 0),
        to_act=1,
        raises=2 if raised else 0,
    )
    found = SpotDocument.read(SpotDocument.of(spot).model_dump_json()).spot()

    for before, after in zip(spot.ranges, found.ranges, strict=True):
        np.testing.assert_array_equal(before, after)
    assert replace(found, ranges=spot.ranges).settings == spot.settings
    for name in ("board", "pot", "stack", "rake", "bets", "to_act", "raises"):
        assert getattr(found, name) == getattr(spot, name)
