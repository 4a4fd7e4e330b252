"""Sizes as users type them: read, refused with the token that is wrong, and written again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.solver.tree.settings import Size, SizeError, SizeKind, StreetSizes
from engine.solver.tree.sizes import format_sizes, parse_sizes


def test_sizes_are_divided_by_commas_and_blanks() -> None:
    assert parse_sizes(" 60%,e  a, 2e ,.5%") == (
        Size(SizeKind.POT, 0.6),
        Size(SizeKind.GEOMETRIC),
        Size(SizeKind.ALL_IN),
        Size(SizeKind.GEOMETRIC, 2),
        Size(SizeKind.POT, 0.005),
    )


def test_nothing_is_no_size() -> None:
    assert parse_sizes(" ") == ()


def test_multiples_are_for_raises() -> None:
    assert parse_sizes("2.5x, A", raises=True) == (Size(SizeKind.TIMES, 2.5), Size(SizeKind.ALL_IN))
    with pytest.raises(SizeError, match=r"'2.5x' at 6 is a multiple of a bet, which only a raise can be"):
        parse_sizes("60%, 2.5x")
    with pytest.raises(SizeError, match="for raises alone"):
        StreetSizes(donk=(Size(SizeKind.TIMES, 2.5),))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("60%, 75", r"size '75' at 6 has no unit: write 60% \(of the pot\)"),
        ("60%,banana", r"'banana' at 5 is no size: write"),
        ("-30%", r"'-30%' at 1 is no size"),
        ("1e5%", r"'1e5%' at 1 is no size"),
        ("nan%", r"'nan%' at 1 is no size"),
        ("4e", r"'4e' at 1 is no size"),
        ("%", r"'%' at 1 is no size"),
        ("0%", r"'0%' at 1 is out of bounds: more than 0% and at most 10000%"),
        ("1" + "0" * 400 + "%", r"is out of bounds"),
    ],
)
def test_a_bad_token_is_named_with_its_place(text: str, message: str) -> None:
    with pytest.raises(SizeError, match=message):
        parse_sizes(text)


@pytest.mark.parametrize("text", ["1x", "0.5x", "101x"])
def test_a_multiple_is_more_than_the_bet(text: str) -> None:
    with pytest.raises(SizeError, match=r"out of bounds: more than 1x and at most 100x"):
        parse_sizes(text, raises=True)


TOKENS = st.one_of(
    st.integers(1, 1_000_000).map(lambda number: f"{number / 100}%"),
    st.integers(101, 10_000).map(lambda number: f"{number / 100}x"),
    st.sampled_from(["e", "1e", "2e", "3e", "a"]),
)


@given(st.lists(TOKENS, max_size=6))
def test_what_is_written_is_read_as_the_same_sizes(tokens: list[str]) -> None:
    sizes = parse_sizes(",".join(tokens), raises=True)

    assert parse_sizes(format_sizes(sizes), raises=True) == pytest.approx(sizes)
