"""A plain table of rows: no grid, no headings, one column that takes the room that is left."""

from PySide6.QtCore import QAbstractTableModel, QSize
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView


def plain_table(model: QAbstractTableModel, name: str, *, row: int, widths: dict[int, int], wide: int) -> QTableView:
    """A view of whole rows; ``widths`` in pixels by column, ``wide`` is the column that stretches."""
    table = QTableView()
    table.setModel(model)
    table.setAccessibleName(name)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setMinimumSize(QSize(150, 2 * row))
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(row)
    table.verticalHeader().setMinimumSectionSize(row)
    header = table.horizontalHeader()
    header.hide()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
    for column, width in widths.items():
        table.setColumnWidth(column, width)
    return table
