"""A program in the solver's place that starts well and then misbehaves as its argument says.

garbage: a line that is no message. illegal: an answer that the rules do not allow. silent: nothing more, but it reads.
crash: words of farewell and an exit code. stray: an answer to a request that was never made, before the right one.
streams: two answers so far and never the last one; hurried, one so far that the rules do not allow.
late: speaks through a child that outlives it, once the file named by the second argument is there; begun again it
never gets ready. relay: the real solver behind a line that swallows everything while such a file is there.
"""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from engine.execution.roles import SOLVER, role_command
from engine.game.actions import Action
from engine.solver.wire import Answer, Beat, Hurry, Partial, Ready, Solve, Started, encode, read_asked
from engine.words import ActionValue, Solution
from tests.solver.spots import CHECK, FOLD


def say(line: bytes) -> None:
    os.write(1, line)


def answer(request: int, equity: float = 0.1) -> bytes:
    solution = Solution("baseline", (ActionValue(FOLD, 1.0, 0.0),), equity, None, "", 1)
    return encode(Answer(request=request, solution=solution))


def partial(request: int, action: Action, equity: float) -> bytes:
    return encode(
        Partial(request=request, solution=Solution("subgame", (ActionValue(action, 1.0, 0.0),), equity, 1.5, "", 1))
    )


def main(manner: str, *more: str) -> None:
    """Answer the first request in the given manner."""
    say(encode(Started(pid=os.getpid())))
    if not (manner == "late" and Path(more[0] + ".asked").exists()):
        say(encode(Ready()))
    for line in sys.stdin.buffer:
        asked = read_asked(line)
        if manner == "streams" and isinstance(asked, Hurry):
            say(partial(asked.request, CHECK, 0.3))
        if not isinstance(asked, Solve):
            continue
        match manner:
            case "garbage":
                say(b'{"kind": "answer", "request": \xff}\n')
            case "illegal":
                wrong = Solution("baseline", (ActionValue(CHECK, 1.0, 0.0),), 0.1, None, "", 1)
                say(encode(Answer(request=asked.request, solution=wrong)))
            case "streams":
                say(partial(asked.request, FOLD, 0.1) + partial(asked.request, FOLD, 0.2))
            case "crash":
                sys.exit("out of memory")
            case "stray":
                say(answer(asked.request + 7, 0.9) + answer(asked.request))
            case "late":
                subprocess.Popen([sys.executable, "-m", "tests.solver.liar", "speak-when", str(asked.request), *more])
                Path(more[0] + ".asked").touch()


def speak_when(request: int, file: Path) -> None:
    while not file.exists():
        time.sleep(0.005)
    say(encode(Ready()) + encode(Beat(work=1)) * 50 + answer(request))


def relay(cut: Path) -> None:
    with subprocess.Popen(role_command(SOLVER), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as solver:
        assert solver.stdin is not None
        assert solver.stdout is not None
        threading.Thread(target=carry, args=(solver.stdout.fileno(), 1, cut), daemon=True).start()
        carry(0, solver.stdin.fileno(), cut)


def carry(source: int, target: int, cut: Path) -> None:
    while data := os.read(source, 65536):
        if not cut.exists():
            os.write(target, data)


if __name__ == "__main__":
    if sys.argv[1] == "speak-when":
        speak_when(int(sys.argv[2]), Path(sys.argv[3]))
    elif sys.argv[1] == "relay":
        relay(Path(sys.argv[2]))
    else:
        main(*sys.argv[1:])
