"""A page of the product's documents, read inside a panel, so that no window comes up over the table."""

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from app.models.pages import page_section
from app.panels.panel import label, quiet_button

_PARAGRAPH_GAP = 6


class PageView(QWidget):
    """Shows ``document.md#anchor``; links to other sections are followed in place. Signal ``left``: back."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page = ""
        self.name = label("small")
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.setAccessibleName("Page")
        self.text.setMinimumHeight(20)
        self.text.anchorClicked.connect(self._follow)
        self.back = quiet_button("Back to the list", "Close the page", self.left)
        row = QHBoxLayout()
        row.addWidget(self.back)
        row.addWidget(self.name, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.text, 1)

    def show_page(self, page: str) -> None:
        self.page = page
        self.name.setText(page)
        self.text.setMarkdown(page_section(page))
        apart = QTextBlockFormat()
        apart.setBottomMargin(_PARAGRAPH_GAP)
        cursor = QTextCursor(self.text.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(apart)

    def _follow(self, url: QUrl) -> None:
        """Sections of the same document, and other documents of the product; nothing outside of it."""
        if url.scheme():
            return
        document = url.path() or self.page.partition("#")[0]
        anchor = f"#{url.fragment()}" if url.hasFragment() else ""
        self.show_page(document + anchor)
