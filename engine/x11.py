"""The X server as several stages need it: a quiet connection, a window's place, its ancestry and its name.

A window may vanish between any two requests; every function then returns None (or an empty value). Not Qt, and no
numpy: the small guard processes import it too.
"""

import contextlib
import io
import os
import threading
from typing import Any

from Xlib import X, error
from Xlib.display import Display
from Xlib.protocol import request

Rectangle = tuple[int, int, int, int]

GONE = (error.BadWindow, error.BadDrawable, error.BadMatch, error.BadValue)
LOST = (error.ConnectionClosedError, BrokenPipeError, ConnectionResetError)
PROPERTY_WORDS = 1024
_QUIET = threading.Lock()


class ScreenError(RuntimeError):
    """The X server cannot be used; the message says what to install or set."""


def connect(name: str | None = None) -> Display:
    """A connection of the caller's own (one a thread). Raises ``ScreenError``."""
    target = name or os.environ.get("DISPLAY", "")
    if not target:
        raise ScreenError("DISPLAY is not set: start from a desktop session or a virtual screen (Xvfb)")
    try:
        # python-xlib prints a warning for a missing ~/.Xauthority, which a local server does not need. Two threads
        # that redirect at once would leave the program without its stderr, so they take turns.
        with _QUIET, contextlib.redirect_stderr(io.StringIO()):
            display = Display(target)
    except (error.DisplayError, error.XauthError, OSError) as fault:
        raise ScreenError(f"the screen {target} cannot be opened: {fault}; check DISPLAY and XAUTHORITY") from fault
    display.set_error_handler(_ignore)
    return display


def disconnect(display: Display) -> None:
    """Give a connection back, also when the server has gone; may be called again."""
    with contextlib.suppress(*LOST):
        display.close()
    display.display.socket.close()


def area(display: Display, handle: int) -> Rectangle | None:
    """Left, top, width, height of a window's inside on the screen in pixels, None when it is gone."""
    return placed(*ask_area(display, handle))


def ask_area(display: Display, handle: int) -> tuple[Any, Any]:
    """The two questions behind ``area``, for ``placed`` to read: so that more can be asked in the same trip."""
    root = display.screen().root.id
    geometry = ask(display, request.GetGeometry, drawable=handle)
    return geometry, ask(display, request.TranslateCoords, src_wid=handle, dst_wid=root, src_x=0, src_y=0)


def placed(geometry: Any, corner: Any) -> Rectangle | None:
    """The answer to ``ask_area``."""
    size, point = answer(geometry), answer(corner)
    if size is None or point is None:
        return None
    return point.x, point.y, size.width, size.height


def ask(display: Display, question: type[Any], **arguments: Any) -> Any:
    """Send a request without waiting: what is asked together costs one trip to the server."""
    return question(display=display.display, defer=True, **arguments)


def answer(asked: Any) -> Any | None:
    """The reply to what was asked, None when its window is gone."""
    try:
        asked.reply()
    except GONE:
        return None
    return asked


def parent(display: Display, handle: int) -> int | None:
    """The window's parent, None when it is gone; the root's parent is 0."""
    tree = answer(ask(display, request.QueryTree, window=handle))
    return None if tree is None else number(tree.parent)


def children(display: Display, handle: int) -> list[int]:
    """The window's children from the bottom to the top of the stack."""
    tree = answer(ask(display, request.QueryTree, window=handle))
    return [] if tree is None else [number(child) for child in tree.children]


def top_level(display: Display, handle: int) -> int | None:
    """The child of the root that is or holds the window (its frame under a window manager), None when gone."""
    root = display.screen().root.id
    current: int | None = handle
    while current:
        above = parent(display, current)
        if above == root:
            return current
        current = above
    return None


def text_property(display: Display, handle: int, name: str) -> str:
    """A window's text property, "" when it has none."""
    raw = property_value(display, handle, name)
    if isinstance(raw, str):
        return raw
    return bytes(raw).decode("utf-8", "replace") if isinstance(raw, bytes) else ""


def title(display: Display, handle: int) -> str:
    """The window's name as a person sees it, "" when it has none."""
    return text_property(display, handle, "_NET_WM_NAME") or text_property(display, handle, "WM_NAME")


def window_class(display: Display, handle: int) -> str:
    """The second part of WM_CLASS, "" when there is none."""
    parts = text_property(display, handle, "WM_CLASS").split("\0")
    return parts[1] if len(parts) > 1 else ""


def property_value(display: Display, handle: int, name: str) -> Any | None:
    """A property's raw value (bytes, str or an array of numbers), None when it is not there."""
    return property_read(ask_property(display, handle, name))


def ask_property(display: Display, handle: int, name: str) -> Any:
    """The question behind ``property_value``, for ``property_read``."""
    return ask(
        display,
        request.GetProperty,
        delete=0,
        window=handle,
        property=display.get_atom(name),
        type=X.AnyPropertyType,
        long_offset=0,
        long_length=PROPERTY_WORDS,
    )


def property_read(asked: Any) -> Any | None:
    """The answer to ``ask_property``."""
    reply = answer(asked)
    return None if reply is None or not reply.property_type else reply.value[1]


def number(resource: Any) -> int:
    """A window's number, as python-xlib gives it: an object or the number itself."""
    return int(getattr(resource, "id", resource))


def _ignore(*_: object) -> None:
    """Errors without a reply concern windows that are gone."""
