"""How the panels share the window: one tree of splitters for each shape of window, rebuilt when the shape changes."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from app.panels.panel import Panel

_NARROW_BELOW = 900
_WIDE_FROM = 1200
_TALL_FROM = 800
_SMALL_BELOW = 700
# Weights become pixels: large enough that rounding does not show.
_FINE = 100


@dataclass(frozen=True, slots=True)
class Split:
    """Parts beside each other (``across``) or one above the other, with their weights."""

    across: bool
    parts: tuple[tuple[int, "Node"], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Several panels on one page, with the page's name."""

    title: str
    split: Split


@dataclass(frozen=True, slots=True)
class Pages:
    """Panels, or pages of them, behind each other, one shown."""

    pages: tuple["str | Page", ...]


Node = str | Split | Pages


def _across(*parts: tuple[int, Node]) -> Split:
    return Split(True, parts)


def _down(*parts: tuple[int, Node]) -> Split:
    return Split(False, parts)


_CHARTS = Page("Charts", _across((45, "confidence"), (55, "timings")))
_SOLVER = Page("Solver", _across((35, "solver"), (65, "strategy")))
_WATCHED = ("risk", "alarms", "health", "drills", "events")
ARRANGEMENTS: Mapping[str, Node] = {
    "tall": _down(
        (37, _across((60, "table"), (40, "hand"))),
        (36, _across((50, "decision"), (50, "risk"))),
        (27, Pages(("health", "alarms", "drills", "events", _CHARTS, _SOLVER))),
    ),
    "wide": _across(
        (44, _down((58, "table"), (42, Pages(("health", "drills", "events", _CHARTS, _SOLVER))))),
        (28, _down((50, "hand"), (50, "decision"))),
        (28, _down((42, "alarms"), (58, "risk"))),
    ),
    "low": _down(
        (54, _across((55, "table"), (45, "hand"))),
        (46, _across((42, "decision"), (58, Pages((*_WATCHED, _CHARTS, _SOLVER))))),
    ),
    "narrow": _down(
        (62, _across((50, _down((50, "table"), (50, "decision"))), (50, "hand"))),
        (38, Pages((*_WATCHED, _CHARTS, _SOLVER))),
    ),
    "small": _down(
        (42, "table"),
        (58, Pages(("hand", "decision", *_WATCHED, _CHARTS, _SOLVER))),
    ),
}


def is_narrow(width: int) -> bool:
    """Whether a window of this width has room for one column and no more."""
    return width < _NARROW_BELOW


def arrangement_for(size: QSize) -> str:
    """Which arrangement suits a window of this size."""
    if is_narrow(size.width()):
        return "small" if size.height() < _SMALL_BELOW else "narrow"
    if size.width() >= max(_WIDE_FROM, size.height()):
        return "wide"
    return "tall" if size.height() >= _TALL_FROM else "low"


class PanelArea(QWidget):
    """Holds the panels in the arrangement that suits its size; sizes that were dragged are kept for each."""

    def __init__(self, panels: Mapping[str, Panel], sizes: dict[str, list[int]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panels, self._sizes = panels, sizes
        self._root: QWidget | None = None
        self.splitters: dict[str, QSplitter] = {}
        self._unseen: set[str] = set()
        self._weights: dict[str, list[int]] = {}
        self.arrangement = ""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 8, 8, 8)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange(arrangement_for(self.window().size()))

    def arrange(self, name: str) -> None:
        """Move every panel into the arrangement ``name``."""
        if name == self.arrangement:
            return
        self.remember()
        old, self.splitters, self._unseen, self.arrangement = self._root, {}, set(), name
        self._root = self._build(ARRANGEMENTS[name], name)
        self._column.addWidget(self._root)
        self._root.show()
        if old is not None:
            old.setParent(None)
            old.deleteLater()
        self._restore()

    def reveal(self, name: str) -> None:
        """Bring the page that a panel is on to the front."""
        panel = self._panels[name]
        for pages in self.findChildren(QTabWidget):
            number = next((page for page in range(pages.count()) if _holds(pages.widget(page), panel)), -1)
            if number >= 0:
                pages.setCurrentIndex(number)

    def show_count(self, name: str, count: int) -> None:
        """Write a count behind a panel's name, where that stands on a tab; none for 0."""
        panel = self._panels[name]
        for pages in self.findChildren(QTabWidget):
            number = pages.indexOf(panel)
            text = f"{panel.short_title} {count}" if count else panel.short_title
            if number >= 0 and pages.tabText(number) != text:
                pages.setTabText(number, text)

    def remember(self) -> dict[str, list[int]]:
        """The sizes of all splitters seen so far, by name."""
        seen = {name: splitter for name, splitter in self.splitters.items() if name not in self._unseen}
        self._sizes |= {name: splitter.sizes() for name, splitter in seen.items() if any(splitter.sizes())}
        return self._sizes

    def _restore(self) -> None:
        """Give every splitter its sizes, from the outermost in: only with its own size set can it share it out."""
        self._column.activate()
        for name in sorted(self.splitters, key=len):
            self._share_out(name)

    def _share_out(self, name: str) -> None:
        known, weights = self._sizes.get(name, []), self._weights[name]
        self.splitters[name].setSizes(known if len(known) == len(weights) else weights)

    def _build(self, node: Node, name: str) -> QWidget:
        match node:
            case Split():
                return self._split(node, name)
            case Pages():
                return self._pages(node, name)
            case _:
                self._panels[node].show_title(True)
                return self._panels[node]

    def _split(self, node: Split, name: str) -> QSplitter:
        splitter = QSplitter(Qt.Orientation.Horizontal if node.across else Qt.Orientation.Vertical)
        splitter.setHandleWidth(8)
        splitter.setChildrenCollapsible(False)
        for number, (weight, part) in enumerate(node.parts):
            child = self._build(part, f"{name}.{number}")
            splitter.addWidget(child)
            splitter.setStretchFactor(number, weight)
            # A page that was behind another is hidden, and stays so, unless it is shown again here.
            child.show()
        self.splitters[name] = splitter
        self._weights[name] = [_FINE * weight for weight, _ in node.parts]
        return splitter

    def _pages(self, node: Pages, name: str) -> QTabWidget:
        pages = QTabWidget()
        pages.setDocumentMode(True)
        pages.tabBar().setDrawBase(False)
        for number, page in enumerate(node.pages):
            if isinstance(page, Page):
                pages.addTab(self._split(page.split, f"{name}.page{number}"), page.title)
                self._unseen.add(f"{name}.page{number}")
                continue
            panel = self._panels[page]
            panel.show_title(False)
            pages.setTabToolTip(pages.addTab(panel, panel.short_title), panel.title)
        pages.currentChanged.connect(lambda _: self._restore_page(pages.currentWidget()))
        return pages

    def _restore_page(self, page: QWidget | None) -> None:
        """What was behind another page had no size to share out until now."""
        name = next((each for each in self._unseen if self.splitters[each] is page), None)
        if name is not None:
            self._unseen.remove(name)
            self._share_out(name)


def _holds(page: QWidget | None, panel: QWidget) -> bool:
    return page is panel or (page is not None and page.isAncestorOf(panel))
