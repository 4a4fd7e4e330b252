"""The practice table as a program of its own: options, window, game, ground truth, control lines."""

import argparse
import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from types import FrameType

from PySide6.QtWidgets import QApplication

from app.practice.commands import Commands, LineReader, say
from app.practice.dealer import Dealer, TableOptions
from app.practice.geometry import MINIMUM_HEIGHT, MINIMUM_WIDTH
from app.practice.play import Play
from app.practice.themes import THEMES
from app.practice.truth_log import TruthLog, TruthLogError
from app.practice.window import TITLE, TableWindow

WINDOW_CLASS = "pitboss-table"
_KEYS_HELP = "Keys at your turn: F fold, C check or call, R bet or raise, A all-in, digits for the amount, Enter."


def main(argv: list[str]) -> int:
    """Run the table until its window is closed: 0, or 2 when it cannot start (options, log file, no display)."""
    options = _parser().parse_args(argv)
    if problem := _no_display():
        sys.stderr.write(problem + "\n")
        return 2
    try:
        log = TruthLog(options.truth)
    except TruthLogError as failure:
        sys.stderr.write(f"{failure}\n")
        return 2
    application = QApplication([WINDOW_CLASS])
    application.setApplicationName(WINDOW_CLASS)
    application.setDesktopFileName(WINDOW_CLASS)
    status = _run(application, options, log)
    log.write("end", {})
    log.close()
    return status


def _run(application: QApplication, options: argparse.Namespace, log: TruthLog) -> int:
    table = TableOptions(
        options.players, options.seed, options.stack, options.small_blind, options.big_blind, options.hands
    )
    play = Play(Dealer(table, log.write), options.pace, options.turn_seconds)
    window = TableWindow(play, THEMES[options.theme], log)
    _place(window, options)
    window.closed.connect(play.stop)
    window.closed.connect(application.quit)
    window.shown.connect(play.begin)
    reader = LineReader()
    if options.child:
        commands = Commands(window, play)
        reader.line.connect(commands.obey)
        reader.ended.connect(window.close)
        reader.start()
        window.shown.connect(lambda: say({"ready": True, "pid": os.getpid(), "title": TITLE}))
    _close_on_signals(window)
    parameters = {"theme": options.theme, "pace": options.pace, "turn_seconds": options.turn_seconds}
    log.write("start", asdict(table) | parameters | {"pid": os.getpid(), "title": TITLE})
    window.show()
    return application.exec()


def _place(window: TableWindow, options: argparse.Namespace) -> None:
    window.resize(max(MINIMUM_WIDTH, options.width), max(MINIMUM_HEIGHT, options.height))
    if options.x is not None and options.y is not None:
        window.setGeometry(options.x, options.y, window.width(), window.height())


def _close_on_signals(window: TableWindow) -> None:
    """End in order on Ctrl+C and SIGTERM; the window's own timer lets Python see them in time."""

    def close(number: int, frame: FrameType | None) -> None:
        window.close()

    signal.signal(signal.SIGINT, close)
    signal.signal(signal.SIGTERM, close)


def _no_display() -> str:
    """Why no window can be opened, or ""."""
    chosen = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    if chosen or not sys.platform.startswith("linux"):
        return ""
    return "there is no display: set DISPLAY to a screen's number (a virtual one: Xvfb :9 & DISPLAY=:9)"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("pitboss table", description=f"A local practice table. {_KEYS_HELP}")
    parser.add_argument("--players", type=int, choices=range(2, 7), default=4, help="seats that play (default 4)")
    parser.add_argument("--theme", choices=sorted(THEMES), default="felt", help="how it looks (default felt)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed deals the same cards (default 1)")
    parser.add_argument("--stack", type=_positive, default=2000, help="chips at the start and after a rebuy")
    parser.add_argument("--small-blind", type=_positive, default=10, help="in chips (default 10)")
    parser.add_argument("--big-blind", type=_positive, default=20, help="in chips (default 20)")
    parser.add_argument("--hands", type=_not_negative, default=0, help="stop dealing after so many (default: never)")
    parser.add_argument("--pace", type=_fraction, default=1.0, help="scales all pauses; 0 is as fast as can be seen")
    parser.add_argument("--turn-seconds", type=_seconds, default=20.0, help="then the table checks or folds for you")
    for name, default in (("width", 960), ("height", 600)):
        parser.add_argument(f"--{name}", type=int, default=default, help=f"of the window's inside (default {default})")
    for name in ("x", "y"):
        parser.add_argument(f"--{name}", type=int, help="where the window's inside is placed, in screen pixels")
    parser.add_argument("--truth", type=Path, metavar="FILE", help="write what was shown and pressed as JSON lines")
    parser.add_argument("--child", action="store_true", help="obey control lines on the standard input; end with it")
    return parser


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number of chips: 1 or more")
    return value


def _not_negative(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is not a number of hands: 0 or more")
    return value


def _fraction(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 100:
        raise argparse.ArgumentTypeError(f"{text} is not a pace: 0 to 100")
    return value


def _seconds(text: str) -> float:
    value = float(text)
    if not 1 <= value <= 3600:
        raise argparse.ArgumentTypeError(f"{text} is not a time to think: 1 to 3600 seconds")
    return value
