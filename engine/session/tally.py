"""What the eyes' thread counts of a session: its looks, and the time they took."""

from engine.safety.timings import Timings
from engine.words import Counters, Look


def count_look(tally: Counters, timings: Timings, look: Look) -> None:
    """One more look of the eyes; for their thread."""
    tally.frames += 1
    if look.blindness is None:
        timings.add("capture", look.capture_ns)
        if look.recognise_ns:
            timings.add("recognise", look.recognise_ns)
    if look.evaluate:
        good = look.observation is not None and not look.detail
        tally.frames_read += good
        tally.frames_refused += not good
