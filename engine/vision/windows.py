"""The windows of an X11 desk: found by title and class, placed, and whether all of one can be seen."""

import sys
from collections.abc import Iterator, Sequence

from Xlib import X
from Xlib.protocol import request

from engine import x11
from engine.words import Blindness, Box, WindowInfo

NOT_SUPPORTED = "finding windows is not supported on {}: run on Linux with X11 (a virtual screen will do)"


class X11Windows:
    """``engine.ports.Windows`` on the X server named by DISPLAY, with a connection of its own: use it in one thread.

    Raises ``engine.x11.ScreenError`` when there is no such server; a server that goes away later reads as no window.
    """

    def __init__(self) -> None:
        self._display = x11.connect()
        self._root = self._display.screen().root.id

    def close(self) -> None:
        """Give the connection back."""
        x11.disconnect(self._display)

    def find(self, title: str, window_class: str) -> WindowInfo | None:
        """The oldest window whose title starts with ``title`` and whose class is ``window_class``, minimised or not."""
        try:
            found = (self._describe(handle) for handle in self._clients() if self._matches(handle, title, window_class))
            return next((window for window in found if window is not None), None)
        except x11.LOST:
            return None

    def locate(self, handle: int) -> WindowInfo | None:
        """The same window now, or None when it is gone."""
        try:
            return self._describe(handle)
        except x11.LOST:
            return None

    def blindness(self, window: WindowInfo) -> tuple[str, str] | None:
        """None when all of the window's client area can be seen now, else (``Blindness`` name, detail)."""
        try:
            return self._blindness(window.handle)
        except x11.LOST:
            return Blindness.NO_WINDOW.name, "the screen has gone"

    def _blindness(self, handle: int) -> tuple[str, str] | None:
        """Nearly everything is asked in one trip to the server, since every frame asks it."""
        display = self._display
        attributes = x11.ask(display, request.GetWindowAttributes, window=handle)
        place, above = x11.ask_area(display, handle), x11.ask(display, request.QueryTree, window=handle)
        states = x11.ask_property(display, handle, "_NET_WM_STATE")
        screen, stack = x11.ask_area(display, self._root), x11.ask(display, request.QueryTree, window=self._root)
        shown, client, tree = x11.answer(attributes), x11.placed(*place), x11.answer(above)
        whole, windows = x11.placed(*screen), x11.answer(stack)
        if not (shown and client and tree and whole and windows):
            return Blindness.NO_WINDOW.name, "the table window is gone"
        if shown.map_state != X.IsViewable or self._hidden(x11.property_read(states)):
            return Blindness.MINIMISED.name, "the table window is minimised: bring it back"
        if outside := _outside(Box(*client), Box(*whole)):
            return Blindness.OFF_SCREEN.name, outside
        top = handle if x11.number(tree.parent) == self._root else x11.top_level(display, x11.number(tree.parent))
        return self._cover(Box(*client), top, [x11.number(window) for window in windows.children])

    def _cover(self, client: Box, top: int | None, stack: Sequence[int]) -> tuple[str, str] | None:
        """The uppermost window that lies on the client area."""
        if top not in stack:
            return Blindness.NO_WINDOW.name, "the table window is gone"
        for handle in reversed(list(self._visible(stack[stack.index(top) + 1 :], client))):
            name = self._name(handle) or f"window {handle:#x}"
            return Blindness.COVERED.name, f"{name} lies over the table: move it away"
        return None

    def _visible(self, handles: Sequence[int], within: Box) -> Iterator[int]:
        """Those of the root's children that show pixels in a box of the screen, borders included."""
        asked = [(handle, x11.ask(self._display, request.GetGeometry, drawable=handle)) for handle in handles]
        near = [handle for handle, geometry in asked if _reaches(x11.answer(geometry), within)]
        looks = [(handle, x11.ask(self._display, request.GetWindowAttributes, window=handle)) for handle in near]
        for handle, attributes in looks:
            shown = x11.answer(attributes)
            if shown and shown.map_state == X.IsViewable and shown.win_class != X.InputOnly:
                yield handle

    def _hidden(self, states: Sequence[int] | None) -> bool:
        return states is not None and self._display.get_atom("_NET_WM_STATE_HIDDEN") in states

    def _clients(self) -> list[int]:
        """The application windows: as the window manager lists them, else the mapped children of the root."""
        listed = x11.property_value(self._display, self._root, "_NET_CLIENT_LIST")
        if listed is not None:
            return [int(handle) for handle in listed]
        screen = Box(*(x11.area(self._display, self._root) or (0, 0, 0, 0)))
        return list(self._visible(x11.children(self._display, self._root), screen))

    def _matches(self, handle: int, title: str, window_class: str) -> bool:
        named = x11.title(self._display, handle).startswith(title)
        return named and x11.window_class(self._display, handle) == window_class

    def _describe(self, handle: int) -> WindowInfo | None:
        place = x11.area(self._display, handle)
        if place is None:
            return None
        return WindowInfo(
            handle, x11.title(self._display, handle), x11.window_class(self._display, handle), Box(*place)
        )

    def _name(self, handle: int) -> str:
        """A window's title, or that of the application window inside its frame."""
        inside = (x11.title(self._display, child) for child in x11.children(self._display, handle))
        return x11.title(self._display, handle) or next(filter(None, inside), "")


def _outside(client: Box, screen: Box) -> str:
    right, bottom = client.x + client.width - screen.width, client.y + client.height - screen.height
    hidden = {"left": -client.x, "top": -client.y, "right": right, "bottom": bottom}
    parts = [f"{pixels} pixels beyond the {side}" for side, pixels in hidden.items() if pixels > 0]
    return f"the table window reaches {' and '.join(parts)} of the screen" if parts else ""


def _reaches(geometry: request.GetGeometry | None, box: Box) -> bool:
    if geometry is None:
        return False
    border = 2 * geometry.border_width
    return Box(geometry.x, geometry.y, geometry.width + border, geometry.height + border).overlaps(box)


def open_windows() -> X11Windows:
    """The windows of this platform's desk. Raises ``engine.x11.ScreenError``."""
    if not sys.platform.startswith("linux"):
        raise x11.ScreenError(NOT_SUPPORTED.format(sys.platform))
    return X11Windows()
