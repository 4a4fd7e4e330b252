"""Which part of the page writes which word, found by trying every method of every part."""

from collections.abc import Callable

from engine.permit.page import PermitMode, PermitPage, StopCode, Word


def writers(permit: PermitPage) -> dict[Word, str]:
    """The writer of every word that can be written; an AssertionError when a word has two."""
    now, box = 7, (1, 2, 3, 4)
    methods: dict[str, list[Callable[[], None]]] = {
        "engine": [lambda: permit.engine.set_mode(PermitMode.LIVE, now), lambda: permit.engine.beat(now)],
        "vision": [
            lambda: permit.vision.show(now, now, {"check": box, "fold": box}),
            permit.vision.progress,
            permit.vision.void,
        ],
        "watchdog": [lambda: permit.watchdog.beat(now), lambda: permit.watchdog.stop(StopCode.HOTKEY)],
        "console": [lambda: permit.console.stop(StopCode.BUTTON)],
        "command": [lambda: permit.command.stop(StopCode.COMMAND), permit.command.ask_finish],
        "actuator": [
            lambda: permit.actuator.stop(StopCode.OBEYED),
            permit.actuator.progress,
            lambda: permit.actuator.use(now),
        ],
    }
    found: dict[Word, str] = {}
    for owner, writes in methods.items():
        for write in writes:
            before = list(permit._words)
            write()
            for word in (word for word in Word if permit._words[word] != before[word]):
                assert found.setdefault(word, owner) == owner, f"{word.name} has two writers"
    return found
