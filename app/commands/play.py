"""`pitboss play`, the main job: opens the practice table, watches, decides, clicks and stops when told."""

import argparse
import json
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from app.commands.common import EXIT_FAILED, add_profile_options, configuration_folder, configured, new_session_id, told
from app.commands.summary import printed, summary
from app.desk.practice_process import PracticeTable
from app.desk.tiles import Tiles, screen_size, tiles
from app.desk.virtual_screen import screen_is_missing, virtual_screen
from engine.config import Config
from engine.execution.roles import DRILL, role_command
from engine.runtime.runtime import Runtime
from engine.words import Mode

SILENCE_LIMIT_S = 120.0
"""A headless run without a finished hand for this long has failed."""
TICK_S = 0.05


def main(arguments: list[str]) -> int:
    """Play; 0 when all went well, 1 on a stop or any mismatch with the table's own log."""
    options = _parser().parse_args(arguments)
    return told(lambda: _play(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pitboss play",
        description="Open the practice table and the console, and play. Without a display: on a virtual screen, for a "
        "stated number of hands, with a summary at the end.",
    )
    add_profile_options(parser)
    parser.add_argument("--hands", type=_positive, help="end after so many hands (default without a display: 20)")
    parser.add_argument("--headless", action="store_true", help="no console window")
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    parser.add_argument("--shadow", action="store_true", help="decide, but never act")
    parser.add_argument("--seed", type=int, help="seed of deck and opponents")
    parser.add_argument("--players", type=int, help="players at the table, 2 to 6")
    parser.add_argument("--theme", help="look of the table: felt or slate")
    parser.add_argument("--pace", type=float, help="factor on the table's pauses, 0 is fastest")
    parser.add_argument("--table-size", type=_size, metavar="WxH", help="size of the table window's inside")
    parser.add_argument("--screenshot", type=Path, help="save the console's picture here at the end")
    return parser


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError(text)
    return value


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return int(width), int(height)


def _play(options: argparse.Namespace) -> int:
    config, directory = configured(options)
    config = _with_options(config, options)
    with ExitStack() as stack:
        virtual = screen_is_missing()
        if virtual:
            stack.enter_context(virtual_screen())
        if not options.headless:
            os.environ.setdefault("QT_QPA_PLATFORM", "xcb" if sys.platform.startswith("linux") else "")
        hands = options.hands or (config.practice.hands if virtual or options.headless else None)
        return _Game(config, directory, options, hands).play()


def _with_options(config: Config, options: argparse.Namespace) -> Config:
    """The configuration with the command line's words for the table, validated like any other."""
    given = {name: getattr(options, name) for name in ("seed", "players", "theme", "pace")}
    table = {name: value for name, value in given.items() if value is not None}
    if config.table.seed is None and options.seed is None:
        table["seed"] = secrets.randbelow(2**31)
    data = config.model_dump(mode="json")
    return Config.model_validate_json(json.dumps(data | {"table": data["table"] | table}))


class _Game:
    """One run: table, engine and, unless headless, console."""

    def __init__(self, config: Config, directory: Path, options: argparse.Namespace, hands: int | None) -> None:
        self._config, self._directory, self._options, self._hands = config, directory, options, hands
        self._session_id = new_session_id()
        self._truth = directory / "truth" / f"{self._session_id}.jsonl"
        self._began = time.monotonic()
        self._last_hand_at = self._began
        self._hands_seen = 0
        self._interrupted = False
        self._refused = False
        self.first_press_s: float | None = None

    def play(self) -> int:
        self._truth.parent.mkdir(parents=True, exist_ok=True)
        place = tiles(*screen_size())
        base = configuration_folder(self._options)
        runtime = Runtime(self._config, self._directory, self._session_id, base=base)
        try:
            table = PracticeTable(self._config, self._truth, self._hands, self._table_place(place))
        except BaseException:
            runtime.close()
            raise
        with ExitStack() as endings:  # the engine first, and then the table whatever became of it
            endings.callback(table.close)
            endings.callback(runtime.close)
            runtime.start()
            code = self._run(runtime, place)
        return code or self._report(runtime)

    def _table_place(self, place: Tiles) -> tuple[int, int, int, int]:
        left, top, width, height = place.table
        if self._options.table_size is not None:
            width, height = self._options.table_size
        return left, top, width, height

    def _run(self, runtime: Runtime, place: Tiles) -> int:
        if self._options.headless:
            return self._run_headless(runtime)
        from app.console.application import run_console

        picture = self._options.screenshot
        if picture is None and self._hands is not None:
            picture = self._directory / "screenshots" / f"{self._session_id}.png"
        if picture is not None:
            picture.parent.mkdir(parents=True, exist_ok=True)
        code = run_console(
            runtime,
            profile=self._config.profile,
            layout_file=self._directory / "console.ini",
            screenshot=picture,
            position=place.console,
            on_tick=self._ticker(runtime),
            theme=self._config.console.theme,
            drill_command=self._drill_command,
        )
        if picture is not None:
            self._say(f"screenshot: {picture}")
        return code

    def _drill_command(self, *arguments: str) -> list[str]:
        """A drill proves the configuration that the console was started with."""
        given = self._options.config
        return role_command(DRILL, *arguments, *(() if given is None else ("--config", str(given))))

    def _run_headless(self, runtime: Runtime) -> int:
        tick = self._ticker(runtime)
        with _interruptible(self._interrupt):
            while not tick():
                time.sleep(TICK_S)
        return 0

    def _interrupt(self) -> None:
        self._interrupted = True

    def _ticker(self, runtime: Runtime) -> Callable[[], bool]:
        """What is done again and again while playing: arm once, tell the progress, end in time."""
        steps = self._steps(runtime)

        def tick() -> bool:
            return next(steps, True)

        return tick

    def _steps(self, runtime: Runtime) -> Iterator[bool]:
        """Yields False while the run goes on."""
        while runtime.snapshot().look is None and not self._interrupted:
            yield False
        begun = _beside(lambda: self._begin(runtime))
        while not begun.done():
            if self._interrupted:
                return
            yield False
        if not begun.result():
            self._refused = self._options.headless or self._hands is not None
            yield self._refused
        while not self._is_over(runtime):
            yield False

    def _begin(self, runtime: Runtime) -> bool:
        """Arm (or shadow) where that is asked for, never over a latch; False when nothing was begun."""
        if self._options.shadow:
            runtime.shadow()
            return True
        if not (self._config.practice.auto_arm or self._options.headless):
            self._say("not armed: press ARM in the console")
            return True
        panic = runtime.snapshot().panic
        if panic is not None:
            self._say(f"a stop is latched ({panic.cause}: {panic.measured}); {panic.advice} To reset: pitboss reset")
            return False
        failed = runtime.arm()
        for check in failed:
            self._say(f"not armed: {check.name}: {check.detail}. {check.advice}")
        return not failed

    def _is_over(self, runtime: Runtime) -> bool:
        now = runtime.snapshot()
        if now.counters.presses and self.first_press_s is None:
            self.first_press_s = time.monotonic() - self._began
        if now.counters.hands > self._hands_seen:
            self._hands_seen, self._last_hand_at = now.counters.hands, time.monotonic()
            self._say(
                f"hand {now.counters.hands}{f' of {self._hands}' if self._hands else ''}: "
                f"{now.risk.session_result:+d} chips in all"
            )
        if self._interrupted:
            return True
        if self._hands is None:
            return False
        silent = time.monotonic() - self._last_hand_at > SILENCE_LIMIT_S
        stopped = now.mode is Mode.STOPPED
        if silent or stopped:
            self._say("no hand was finished for two minutes" if silent else f"STOPPED: {now.mode_reason}")
        return now.counters.hands >= self._hands or stopped or silent

    def _report(self, runtime: Runtime) -> int:
        result = summary(runtime, self._truth, self.first_press_s)
        print(json.dumps(result, indent=1) if self._options.json else printed(result))
        return 0 if self._went_well(result) else EXIT_FAILED

    def _went_well(self, result: Mapping[str, Any]) -> bool:
        """Whether it played what it was to play. The table deals on while a bot is not armed: its hands are no play."""
        enough = self._hands is None or result["hands"] >= self._hands or self._interrupted
        return enough and not self._refused and result["mismatches"] == 0 and result["stopped"] is None

    def _say(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)


def _beside(work: Callable[[], bool]) -> "Future[bool]":
    """Run what takes seconds in a thread of its own, so that the window and its stop button live on meanwhile."""
    done: Future[bool] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # raised where the result is asked for
            done.set_exception(error)

    threading.Thread(target=run, name="begin", daemon=True).start()
    return done


@contextmanager
def _interruptible(interrupt: Callable[[], None]) -> Iterator[None]:
    """While inside, an interrupt or termination ends the run in order."""

    def handle(number: int, frame: FrameType | None) -> None:
        interrupt()

    before: dict[int, Any] = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
