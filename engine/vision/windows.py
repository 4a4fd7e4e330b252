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
        attributes = self._attributes(handle)
        seen = x11.area(self._display, handle)
        top = x11.top_level(self._display, handle)
        if attributes is None or seen is None or top is None:
            return Blindness.NO_WINDOW.name, "the table window is gone"
        if attributes.map_state != X.IsViewable or self._hidden(handle):
            return Blindness.MINIMISED.name, "the table window is minimised: bring it back"
        client = Box(*seen)
        if outside := self._outside(client):
            return Blindness.OFF_SCREEN.name, outside
        return self._cover(client, top)

    def _outside(self, client: Box) -> str:
        screen = x11.area(self._display, self._root)
        _, _, width, height = screen or (0, 0, 0, 0)
        right, bottom = client.x + client.width - width, client.y + client.height - height
        hidden = {"left": -client.x, "top": -client.y, "right": right, "bottom": bottom}
        parts = [f"{pixels} pixels beyond the {side}" for side, pixels in hidden.items() if pixels > 0]
        return f"the table window reaches {' and '.join(parts)} of the screen" if parts else ""

    def _cover(self, client: Box, top: int) -> tuple[str, str] | None:
        """The uppermost window that lies on the client area; all are asked at once to save round trips."""
        stack = x11.children(self._display, self._root)
        above = stack[stack.index(top) + 1 :] if top in stack else []
        for handle, box in reversed(list(self._visible(above))):
            if box.overlaps(client):
                name = self._name(handle) or f"window {handle:#x}"
                return Blindness.COVERED.name, f"{name} lies over the table: move it away"
        return None

    def _visible(self, handles: Sequence[int]) -> Iterator[tuple[int, Box]]:
        """Those of the root's children that show pixels, with the place of each, border included."""
        display = self._display.display
        asked = [
            (
                handle,
                request.GetWindowAttributes(display=display, defer=True, window=handle),
                request.GetGeometry(display=display, defer=True, drawable=handle),
            )
            for handle in handles
        ]
        for handle, attributes, geometry in asked:
            shown, place = x11.answer(attributes), x11.answer(geometry)
            if shown and place and shown.map_state == X.IsViewable and shown.win_class != X.InputOnly:
                border = 2 * place.border_width
                yield handle, Box(place.x, place.y, place.width + border, place.height + border)

    def _attributes(self, handle: int) -> request.GetWindowAttributes | None:
        return x11.answer(request.GetWindowAttributes(display=self._display.display, defer=True, window=handle))

    def _hidden(self, handle: int) -> bool:
        states = x11.property_value(self._display, handle, "_NET_WM_STATE")
        return states is not None and self._display.get_atom("_NET_WM_STATE_HIDDEN") in states

    def _clients(self) -> list[int]:
        """The application windows: as the window manager lists them, else the mapped children of the root."""
        listed = x11.property_value(self._display, self._root, "_NET_CLIENT_LIST")
        if listed is not None:
            return [int(handle) for handle in listed]
        return [handle for handle, _ in self._visible(x11.children(self._display, self._root))]

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


def open_windows() -> X11Windows:
    """The windows of this platform's desk. Raises ``engine.x11.ScreenError``."""
    if not sys.platform.startswith("linux"):
        raise x11.ScreenError(NOT_SUPPORTED.format(sys.platform))
    return X11Windows()
