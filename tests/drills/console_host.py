"""A console of its own, to be killed: table, runtime and guards, LIVE, and a press asked for every 5 ms.

Run with a directory. It says what it started as one JSON line and goes on until end-of-file.
"""

import json
import sys
from pathlib import Path

from tests.drills.feeder import Feeder
from tests.drills.stand import stand


def main() -> None:
    with stand(Path(sys.argv[1])) as made:
        made.arm()
        guards = made.runtime.guards
        assert guards is not None
        pids = [guards.actuator.pid, guards.watchdog.pid, made.table.pid]
        with Feeder(made):
            print(json.dumps({"page": str(made.page), "truth": str(made.truth), "pids": pids}), flush=True)
            sys.stdin.read()


if __name__ == "__main__":
    main()
