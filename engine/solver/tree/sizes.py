"""Bet and raise sizes as users of the field's solvers type them: ``60%, 2.5x, e, 2e, a``."""

import re

from engine.solver.tree.settings import Size, SizeError, SizeKind

_NUMBER = re.compile(r"\d+(\.\d*)?|\.\d+")
_ALLOWED = "write 60% (of the pot), 2.5x (of the bet that is raised), e or 2e (geometric), a (all-in)"
MOST_POT, MOST_TIMES = 100.0, 100.0


def parse_sizes(text: str, *, raises: bool = False) -> tuple[Size, ...]:
    """The sizes in ``text``, divided by commas or blanks; multiples like 2.5x only where ``raises`` is set.

    Raises SizeError, which names the bad token and where it stands.
    """
    return tuple(_size(found.group(), found.start() + 1, raises) for found in re.finditer(r"[^\s,]+", text))


def format_sizes(sizes: tuple[Size, ...]) -> str:
    """Text that ``parse_sizes`` reads as these sizes."""
    return ",".join(_text(size) for size in sizes)


def _size(token: str, place: int, raises: bool) -> Size:
    number, unit = token[:-1], token[-1].lower()
    where = f"{token!r} at {place}"
    if unit in "ea" and not number:
        return Size(SizeKind(unit))
    if unit == "e" and number in ("1", "2", "3"):
        return Size(SizeKind.GEOMETRIC, float(number))
    if _NUMBER.fullmatch(token):
        raise SizeError(f"the size {where} has no unit: {_ALLOWED}")
    if unit not in "%x" or not _NUMBER.fullmatch(number):
        raise SizeError(f"{where} is no size: {_ALLOWED}")
    return _share(float(number), where) if unit == "%" else _multiple(float(number), where, raises)


def _share(percent: float, where: str) -> Size:
    if not 0 < percent <= 100 * MOST_POT:
        raise SizeError(f"the size {where} is out of bounds: more than 0% and at most {100 * MOST_POT:.0f}% of the pot")
    return Size(SizeKind.POT, percent / 100)


def _multiple(times: float, where: str, raises: bool) -> Size:
    if not raises:
        raise SizeError(f"the size {where} is a multiple of a bet, which only a raise can be: give 60%, e or a here")
    if not 1 < times <= MOST_TIMES:
        raise SizeError(f"the size {where} is out of bounds: more than 1x and at most {MOST_TIMES:.0f}x of the bet")
    return Size(SizeKind.TIMES, times)


def _text(size: Size) -> str:
    match size.kind:
        case SizeKind.POT:
            return f"{_number(size.value * 100)}%"
        case SizeKind.TIMES:
            return f"{_number(size.value)}x"
        case SizeKind.GEOMETRIC:
            return f"{size.value:.0f}e" if size.value else "e"
        case SizeKind.ALL_IN:
            return "a"


def _number(value: float) -> str:
    return f"{value:.10f}".rstrip("0").rstrip(".")
