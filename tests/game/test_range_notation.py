"""Ranges are read as players write them, errors point at what is wrong, and what is written reads back the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.game.cards import DECK, parse_cards
from engine.game.range_notation import RangeNotationError, format, parse
from engine.game.range_writing import CLASSES
from engine.game.ranges import (
    CLASS_OF,
    COMBO_COUNT,
    COMBOS,
    RangeError,
    Weights,
    class_combos,
    combo_index,
    top_fraction,
    without,
)

OUT_OF_POSITION = "66+,A8s+,A5s-A4s,AJo+,K9s+,KQo,QTs+,JTs,96s+,85s+,75s+,65s,54s"
IN_POSITION = "QQ-22,AQs-A2s,ATo+,K5s+,KJo+,Q8s+,J8s+,T7s+,96s+,86s+,75s+,64s+,53s+"


def of_classes(**weights: float) -> Weights:
    expected = np.zeros(COMBO_COUNT)
    for name, weight in weights.items():
        expected[class_combos(name.removeprefix("_"))] = weight
    return expected


def names(text: str) -> set[str]:
    """The classes that a text holds whole, at full weight; no class is held in part."""
    weights, held = parse(text), set()
    for one in CLASSES:
        own = weights[one.places()]
        assert np.all(own == own[0])
        assert own[0] in (0, 1)
        if own[0]:
            held.add(str(one))
    return held


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("QQ", "QQ"),
        ("AKs", "AKs"),
        ("AKo", "AKo"),
        ("AK", "AKs AKo"),
        ("JJ+", "JJ QQ KK AA"),
        ("AA+", "AA"),
        ("KTs+", "KTs KJs KQs"),
        ("54s+", "54s"),
        ("AQ+", "AQs AQo AKs AKo"),
        ("66-44", "66 55 44"),
        ("44-66", "66 55 44"),
        ("A5s-A3s", "A5s A4s A3s"),
        ("A3s-A5s", "A5s A4s A3s"),
        ("KJo-K9o", "KJo KTo K9o"),
        ("K9-K8", "K9s K9o K8s K8o"),
        ("87s-65s", "87s 76s 65s"),
        ("J9o-T8o", "J9o T8o"),
        (" aks ,\n qq\tTT ; 5 4s".replace("5 4", "54"), "AKs QQ TT 54s"),
        ("QQ - TT", "QQ JJ TT"),
        ("", ""),
        (" ,\n", ""),
    ],
)
def test_classes_and_runs(text: str, classes: str) -> None:
    assert names(text) == set(classes.split())


@pytest.mark.parametrize(
    "text", ["random", "*", "100%", "Random", "22+ A2+ K2+ Q2+ J2+ T2+ 92+ 82+ 72+ 62+ 52+ 42+ 32"]
)
def test_every_hand(text: str) -> None:
    assert np.all(parse(text) == 1)


def test_the_best_hands() -> None:
    assert np.array_equal(parse("15%"), top_fraction(0.15))
    assert np.array_equal(parse("15%:0.5"), top_fraction(0.15) / 2)
    assert not parse("0%").any()


def test_two_cards_in_either_order() -> None:
    for text in ("AhKd", "KdAh", "ahkd", "AHKD"):
        assert np.flatnonzero(parse(text)).tolist() == [combo_index("Ah", "Kd")]


@pytest.mark.parametrize(("players", "hands"), [(OUT_OF_POSITION, (180, 167, 167)), (IN_POSITION, (265, 250, 246))])
def test_known_ranges_have_their_known_numbers_of_hands(players: str, hands: tuple[int, int, int]) -> None:
    boards = ("Td9d6h", "Td9d6hQc", "Td9d6hQc2s")
    left = [int(np.count_nonzero(without(parse(players), parse_cards(board)))) for board in boards]
    assert left == list(hands)


def test_weights_behind_a_colon() -> None:
    text = "AKs:0.5,QQ:.25, 77-66 : 0.125,KQo:1,A5s:1e-05,JJ:1.0,T9s:0"
    expected = of_classes(AKs=0.5, QQ=0.25, _77=0.125, _66=0.125, KQo=1, A5s=1e-5, JJ=1)
    assert np.array_equal(parse(text), expected)
    assert np.flatnonzero(parse("AhKh:0.5")).tolist() == [combo_index("Ah", "Kh")]


def test_weights_in_brackets() -> None:
    text = "[50]AKs, QQ[/50], JJ, [33.3]77[/33.3][ 5% ]66[/5.0%]"
    assert np.array_equal(parse(text), of_classes(AKs=0.5, QQ=0.5, JJ=1, _77=0.333, _66=0.05))


def test_a_later_entry_overrides_an_earlier_one() -> None:
    assert np.array_equal(parse("QQ, QQ:0.5"), of_classes(QQ=0.5))
    assert np.array_equal(parse("QQ:0.5, QQ"), of_classes(QQ=1))
    assert np.array_equal(parse("[50]TT+[/50], QQ"), of_classes(TT=0.5, JJ=0.5, QQ=1, KK=0.5, AA=0.5))
    assert parse("AK, AhKh:0").sum() == 15


@pytest.mark.parametrize(
    ("text", "token", "position", "advice"),
    [
        ("66+, A8s+, A1s", "A1s", 12, "1 is not a rank"),
        ("QQ,\nZZ", "ZZ", 5, "Z is not a rank"),
        ("QQ KA", "KA", 4, "the higher card first: AK"),
        ("54s, 45s", "45s", 6, "the higher card first: 54s"),
        ("AKx", "AKx", 1, "s for suited, o for offsuit"),
        ("AAs", "AAs", 1, "write AA"),
        ("As", "As", 1, "one card"),
        ("As*", "As*", 1, "two cards like AhKh"),
        ("10Ts", "10Ts", 1, "write T for ten"),
        ("A", "A", 1, "not a hand"),
        ("hello", "hello", 1, "not a hand"),
        ("AhAh", "AhAh", 1, "two different cards"),
        ("Ah1h", "Ah1h", 1, "1 is not a rank"),
        ("AhKx", "AhKx", 1, "not a hand"),
        ("AhKh+", "AhKh+", 1, "not a hand"),
        ("A5s-A2o", "A5s-A2o", 1, "the same letter"),
        ("AA-AKs", "AA-AKs", 1, "nothing between them"),
        ("A5s-K2s", "A5s-K2s", 1, "neither the higher card nor the gap"),
        ("QQ-22-33", "QQ-22-33", 1, "not a hand"),
        ("QQ-", "QQ-", 1, "not a hand"),
        ("-22", "-22", 1, "not a hand"),
        ("AK:2", "AK:2", 1, "from 0 to 1"),
        ("AK:", "AK:", 1, "from 0 to 1"),
        ("AK:nan", "AK:nan", 1, "from 0 to 1"),
        ("AK:-0.5", "AK:-0.5", 1, "from 0 to 1"),
        ("QQ, AK:1_0", "AK:1_0", 5, "from 0 to 1"),
        ("AK:0.5:0.5", "AK:0.5:0.5", 1, "from 0 to 1"),
        (":0.5", ":0.5", 1, "not a hand"),
        ("140%", "140%", 1, "from 0% to 100%"),
        ("%", "%", 1, "from 0% to 100%"),
        ("AA [50]KK", "[50]", 4, "nothing closes it: write [/50]"),
        ("AA[/40]", "[/40]", 3, "nothing is open"),
        ("[50]AA[/40]", "[/40]", 7, "close it with [/50]"),
        ("[50]AA[60]KK[/60]", "[60]", 7, "[50] at 1 is still open"),
        ("[50]AA:0.5[/50]", "AA:0.5", 5, "leave one of the two away"),
        ("[140]AA[/140]", "[140]", 1, "per cent from 0 to 100"),
        ("[x]AA", "[x]", 1, "per cent from 0 to 100"),
        ("[50", "[50", 1, "per cent from 0 to 100"),
        ("[50]AA[/50", "[/50", 7, "per cent from 0 to 100"),
        ("AA]", "]", 3, "not a hand"),
    ],
)
def test_an_error_names_the_entry_its_place_and_what_would_be_right(
    text: str, token: str, position: int, advice: str
) -> None:
    with pytest.raises(RangeNotationError) as caught:
        parse(text)
    error = caught.value
    assert (error.token, error.position) == (token, position)
    assert advice in error.advice
    assert str(error) == f"{token} at {position}: {error.advice}"
    assert text[position - 1 :].startswith(token)


@given(st.text(alphabet="AKT92shdco+-:;,.%*[]/ 05\n", max_size=30))
@settings(deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        weights = parse(text)
    except RangeNotationError as refused:
        token, position = refused.token, refused.position
    else:
        token, position = text[:1], 1
        assert np.all((weights >= 0) & (weights <= 1))
    assert text[position - 1 :].startswith(token)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("", ""),
        ("*", "random"),
        ("100%:0.5", "random:0.5"),
        ("AA,KK,QQ", "QQ+"),
        ("22,33,44", "44-22"),
        ("AKs,AKo,AQs,AQo,AJs", "AQ+, AJs"),
        ("A2s+, AKo", "AK, A2s+"),
        ("AKs:0.5,AQs:0.5,QQ,JJ:0.5", "QQ, JJ:0.5, AQs+:0.5"),
        ("AK, AhKh:0", "AK, AhKh:0"),
        ("KhAh", "AhKh"),
        ("AhKh, AsKs:0.25", "AsKs:0.25, AhKh"),
        ("random, 72o:0", "random, 72o:0"),
        ("76s-54s", "76s, 65s, 54s"),
        (IN_POSITION, "QQ-22, AQs-A2s, ATo+, KJ+, K5s+, Q8s+, J8s+, T7s+, 96s+, 86s+, 75s+, 64s+, 53s+"),
    ],
)
def test_a_range_is_written_short(text: str, short: str) -> None:
    assert sorted(format(parse(text)).split(", ")) == sorted(short.split(", "))


def entries() -> st.SearchStrategy[str]:
    """Entries of every kind, with and without a weight."""
    weight = st.one_of(st.just(""), st.floats(0, 1).map(lambda value: f":{value!r}"), st.just(":0.5"))
    one = st.sampled_from(CLASSES)
    cards = st.permutations(DECK).map(lambda deck: deck[0] + deck[1])
    name = st.one_of(one.map(str), one.map(lambda hand: f"{hand}+"), cards, st.just("*"), st.just("30%"))
    return st.tuples(name, weight).map("".join)


@given(st.lists(entries(), max_size=12).map(",".join))
@settings(max_examples=60, deadline=None)
def test_what_is_written_reads_back_the_same(text: str) -> None:
    weights = parse(text)
    written = format(weights)
    assert np.array_equal(parse(written), weights)
    assert format(parse(written)) == written


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.02, 0.2, 1.0]))
@settings(max_examples=30, deadline=None)
def test_any_weights_read_back_the_same(seed: int, mixed: float) -> None:
    """Whole classes of a few weights, a share of the pairs apart from their class."""
    generator = np.random.default_rng(seed)
    values = [0.0, 1.0, 0.5, 0.123456789]
    weights = generator.choice(values, len(CLASSES))[CLASS_OF]
    apart = generator.random(COMBO_COUNT) < mixed
    weights[apart] = generator.choice(values, np.count_nonzero(apart))
    assert np.array_equal(parse(format(weights)), weights)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_nothing_is_longer_than_naming_every_class(seed: int) -> None:
    generator = np.random.default_rng(seed)
    chosen = [one for one in CLASSES if generator.random() < generator.random()]
    plain = ", ".join(map(str, chosen))
    assert len(format(parse(plain))) <= len(plain)


def test_only_weights_of_a_range_are_written() -> None:
    for wrong in (np.ones(169), np.full(COMBO_COUNT, 1.5), np.full(COMBO_COUNT, -0.1), np.full(COMBO_COUNT, np.nan)):
        with pytest.raises(RangeError, match="1326 weights"):
            format(wrong)


def test_every_class_is_there_once() -> None:
    assert len(CLASSES) == 169
    assert sorted(np.concatenate([one.places() for one in CLASSES]).tolist()) == list(range(len(COMBOS)))
