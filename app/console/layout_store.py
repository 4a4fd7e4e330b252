"""The console's layout kept between runs: window size, splitter sizes and theme. A bad entry costs itself alone."""

from pathlib import Path

from PySide6.QtCore import QSettings, QSize

_MOST_PIXELS = 20_000


class LayoutStore:
    """Reads and writes one INI file; what cannot be read is left out, so that a bad file is a fresh layout."""

    def __init__(self, file: Path) -> None:
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def readable(self) -> bool:
        """Whether the file was missing or well formed."""
        return self._settings.status() is QSettings.Status.NoError

    def splitters(self) -> dict[str, list[int]]:
        """Sizes in pixels by splitter."""
        self._settings.beginGroup("splitters")
        entries = {name: _numbers(self._settings.value(name)) for name in self._settings.childKeys()}
        self._settings.endGroup()
        return {name: sizes for name, sizes in entries.items() if sizes}

    def size(self) -> QSize | None:
        numbers = _numbers(self._settings.value("window/size"))
        return QSize(*numbers) if len(numbers) == 2 else None

    def theme(self) -> str:
        value = self._settings.value("window/theme")
        return value if isinstance(value, str) else ""

    def save(self, splitters: dict[str, list[int]], size: QSize, theme: str) -> bool:
        """Write everything; False when the file cannot be written."""
        self._settings.setValue("window/size", f"{size.width()} {size.height()}")
        self._settings.setValue("window/theme", theme)
        for name, sizes in splitters.items():
            self._settings.setValue(f"splitters/{name}", " ".join(map(str, sizes)))
        self._settings.sync()
        return self._settings.status() is QSettings.Status.NoError


def _numbers(value: object) -> list[int]:
    """Whole numbers parted by blanks; none when any of them is not a size in pixels."""
    words = value.split() if isinstance(value, str) else []
    if not words or not all(word.isdecimal() and int(word) <= _MOST_PIXELS for word in words):
        return []
    return [int(word) for word in words]
