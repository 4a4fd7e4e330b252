"""The permit page as each of its owners sees it: methods for its own words only, and none that clears a stop word."""

from collections.abc import Mapping

from engine.permit.words import PASSIVE_BOXES, WORD_LIMIT, PermitMode, Rectangle, StopCode, Word, packed


class _Part:
    """The page as one owner sees it."""

    def __init__(self, words: "memoryview[int]") -> None:
        self._words = words

    def _count(self, word: Word) -> None:
        self._words[word] = (self._words[word] + 1) % WORD_LIMIT


class _StoppingPart(_Part):
    """An owner of a stop word: it can set it once and never clear it."""

    _stop_word: Word

    def stop(self, code: StopCode) -> None:
        """Revoke every permit for good; the first code stays."""
        if not self._words[self._stop_word]:
            self._words[self._stop_word] = code


class EnginePart(_Part):
    """The engine's words: mode, since when, beat and progress."""

    def set_mode(self, mode: PermitMode, now: int) -> None:
        """Enter a mode at ``now``; a change voids every press that was asked for before it."""
        if self._words[Word.MODE] != mode:
            self._words[Word.MODE_SINCE] = now  # first: nobody may see the new mode with the old time
            self._words[Word.MODE] = mode

    def beat(self, now: int) -> None:
        """Say that the engine is alive at ``now`` and has made one more step."""
        self._count(Word.ENGINE_PROGRESS)
        self._words[Word.ENGINE_BEAT] = now


class VisionPart(_Part):
    """The eyes' words: the leave to press on what was seen, where check and fold are in it, and progress."""

    def __init__(self, words: "memoryview[int]") -> None:
        super().__init__(words)
        self._newest = 0

    def show(self, captured_at: int, view_id: int, passive: Mapping[str, Rectangle]) -> None:
        """Renew the leave for a confident frame taken at ``captured_at`` that shows ``view_id``.

        ``passive`` names the places of the enabled "check" and "fold" buttons on the screen; SAFE presses nothing
        else. A frame that is not newer than every one before it withdraws the leave: it is stale.
        """
        self._words[Word.CAPTURED_AT] = 0
        if captured_at <= self._newest:
            return
        self._newest = captured_at
        for purpose, word in PASSIVE_BOXES.items():
            self._words[word] = packed(passive[purpose]) if purpose in passive else 0
        self._words[Word.VIEW_ID] = view_id
        self._words[Word.CAPTURED_AT] = captured_at

    def void(self, captured_at: int = 0) -> None:
        """Withdraw the leave at once; no frame taken up to ``captured_at`` gives it again."""
        self._words[Word.CAPTURED_AT] = 0
        self._newest = max(self._newest, captured_at)

    def progress(self) -> None:
        """Say that one more look was finished, whatever it showed."""
        self._count(Word.VISION_PROGRESS)


class WatchdogPart(_StoppingPart):
    """The watchdog's words."""

    _stop_word = Word.STOP_WATCHDOG

    def beat(self, now: int) -> None:
        """Say that the watchdog watches and finds nothing at ``now``."""
        self._words[Word.WATCHDOG_BEAT] = now


class ConsolePart(_StoppingPart):
    """The console's stop word (the red button)."""

    _stop_word = Word.STOP_CONSOLE


class CommandPart(_StoppingPart):
    """The command line's words: its stop (`pitboss stop`) and its wish to finish (`pitboss finish`)."""

    _stop_word = Word.STOP_COMMAND

    def ask_finish(self) -> None:
        """Wish that the bot finishes safely; it can only ask for less, and each wish counts up."""
        self._count(Word.FINISH_ASKED)


class ActuatorPart(_StoppingPart):
    """The actuator's words: its stop (a fault of its own, or its answer to another's), progress and the last intent."""

    _stop_word = Word.STOP_ACTUATOR

    def progress(self) -> None:
        """Say that the actuator has made one more step."""
        self._count(Word.ACTUATOR_PROGRESS)

    @property
    def last_intent(self) -> int:
        """The highest intent number that was used on this page, -1 for none; an actuator of before counts too."""
        return self._words[Word.INTENT_USED] - 1

    def use(self, intent_id: int) -> None:
        """Note that an intent number is used up."""
        if intent_id > self.last_intent:
            self._words[Word.INTENT_USED] = min(intent_id + 1, WORD_LIMIT - 1)
