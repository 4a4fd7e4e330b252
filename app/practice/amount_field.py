"""Editing the amount field: digits only, typed digits replace the selection. Pure functions over its view."""

from collections.abc import Callable
from dataclasses import replace

from app.practice.view import FieldView

Edit = Callable[[FieldView], FieldView]
LONGEST = 7
"""Digits that fit in the field's box."""


def opened(minimum: int) -> FieldView:
    """The field at the start of the hero's turn, showing the smallest bet or raise; unusable when there is none."""
    return FieldView(str(minimum), enabled=True) if minimum else FieldView()


def focused(field: FieldView) -> FieldView:
    """The field after a click on it: all of it selected, so that typing replaces it."""
    return replace(field, focused=True, selected=True) if field.enabled else field


def typed(field: FieldView, digit: str) -> FieldView:
    """The field after a digit; one typed elsewhere goes to the field as if it had been clicked."""
    if not field.enabled:
        return field
    text = field.text if field.focused and not field.selected else ""
    return replace(field, text=(text + digit).lstrip("0")[:LONGEST], focused=True, selected=False)


def erased(field: FieldView) -> FieldView:
    """The field after backspace: without its selection or its last digit."""
    if not (field.enabled and field.focused):
        return field
    return replace(field, text="" if field.selected else field.text[:-1], selected=False)


def left(field: FieldView) -> FieldView:
    """The field without the keyboard's focus."""
    return replace(field, focused=False, selected=False)
