"""Spoils the picture on purpose, for drills: noise, blur, a blanked pot, scrambled cards."""

import math
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from app.practice.geometry import MARKER_MODULE, Area, Placement, boxes
from app.practice.painter import shown_cards
from app.practice.themes import Theme
from app.practice.view import TableView

NONE = "none"
LIVE_NOISE = "live-noise"
FREEZE = "freeze"
_CENTRE = Area(380, 250, 520, 452)
"""Pot, board and hole cards."""
_BLUR = 14
_TILES = 4


def spoil(picture: QImage, what: str, view: TableView, theme: Theme, place: Placement, seed: int) -> None:
    """Put the disturbance ``what`` on ``picture``; the same ``seed`` gives the same pixels."""
    if what in _SPOILERS:
        _SPOILERS[what](picture, view, theme, place, np.random.default_rng(seed))


def _noise(picture: QImage, view: TableView, theme: Theme, place: Placement, generator: np.random.Generator) -> None:
    area = place.to_pixels(_CENTRE)
    width, height = round(area.width), round(area.height)
    pixels = generator.integers(0, 256, (height, width, 4), dtype=np.uint8)
    image = QImage(pixels.tobytes(), width, height, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    painter.drawImage(QPointF(round(area.x), round(area.y)), image)
    painter.end()


def _blur(picture: QImage, view: TableView, theme: Theme, place: Placement, generator: np.random.Generator) -> None:
    """Blur everything but the corner markers, so that the window is still found and nothing in it can be read."""
    sharp = picture.copy()
    smooth = Qt.TransformationMode.SmoothTransformation
    keep = Qt.AspectRatioMode.IgnoreAspectRatio
    small = picture.scaled(picture.width() // _BLUR, picture.height() // _BLUR, keep, smooth)
    painter = QPainter(picture)
    painter.drawImage(QPointF(0, 0), small.scaled(picture.width(), picture.height(), keep, smooth))
    for name in (name for name in boxes() if name.startswith("marker.")):
        area = place.to_pixels(boxes()[name].grown(MARKER_MODULE))
        corner = QRect(int(area.x), int(area.y), math.ceil(area.width) + 1, math.ceil(area.height) + 1)
        painter.drawImage(corner.topLeft(), sharp, corner)
    painter.end()


def _blank_pot(
    picture: QImage, view: TableView, theme: Theme, place: Placement, generator: np.random.Generator
) -> None:
    area = place.to_pixels(boxes()["pot"])
    painter = QPainter(picture)
    painter.fillRect(QRectF(area.x, area.y, area.width, area.height), QColor(theme.felt))
    painter.end()


def _scramble_cards(
    picture: QImage, view: TableView, theme: Theme, place: Placement, generator: np.random.Generator
) -> None:
    """Cut every card into tiles and shuffle them."""
    source = picture.copy()
    painter = QPainter(picture)
    for name in shown_cards(view):
        area = place.to_pixels(boxes()[name])
        width, height = area.width / _TILES, area.height / _TILES
        for at, tile in enumerate(generator.permutation(_TILES * _TILES)):
            target = QRectF(area.x + at % _TILES * width, area.y + at // _TILES * height, width, height)
            origin = QRectF(area.x + int(tile) % _TILES * width, area.y + int(tile) // _TILES * height, width, height)
            painter.drawImage(target, source, origin)
    painter.end()


_Spoiler = Callable[[QImage, TableView, Theme, Placement, np.random.Generator], None]
_SPOILERS: dict[str, _Spoiler] = {
    "noise": _noise,
    LIVE_NOISE: _noise,
    "blur": _blur,
    "blank-pot": _blank_pot,
    "scramble-cards": _scramble_cards,
}
DISTURBANCES = (NONE, *_SPOILERS, FREEZE)
