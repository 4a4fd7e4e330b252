"""A program that speaks as `pitboss drill` does: a list, and drills that pass, fail, hang, crash or talk nonsense."""

import json
import signal
import subprocess
import sys
from pathlib import Path

NAMES = {
    "good": "Good drill",
    "bad": "Bad drill",
    "hangs": "Hanging drill",
    "deaf": "Drill that ignores its end",
    "crashes": "Crashing drill",
    "babbles": "Babbling drill",
}
CRITERIA = ["the first thing holds", "the second thing holds"]


def say(**event: object) -> None:
    print(json.dumps(event), flush=True)


def listed() -> list[dict[str, object]]:
    return [
        {"name": name, "title": title, "purpose": f"what {name} proves", "needs_screen": False, "criteria": CRITERIA}
        for name, title in NAMES.items()
    ]


def report(passed: bool) -> dict[str, object]:
    judged = [
        {"text": CRITERIA[0], "passed": True, "measured": "21 ms", "limit": "100 ms"},
        {"text": CRITERIA[1], "passed": passed, "measured": "2 of 2" if passed else "1 of 2", "limit": "2 of 2"},
    ]
    return {"criteria": judged, "figures": [{"name": "longest", "value": 21.5, "unit": "ms"}], "problem": ""}


def finish(passed: bool, folder: Path) -> int:
    page = folder / "report.html"
    page.write_text("<p>report</p>", encoding="utf-8")
    say(event="finished", passed=passed, report=report(passed), html=str(page), junit=str(folder / "junit.xml"))
    return 0 if passed else 1


def drill(name: str, folder: Path) -> int:
    (folder / "ran.txt").open("a", encoding="utf-8").write(f"{name}\n")
    say(event="started", drill=name, title=NAMES[name], criteria=CRITERIA)
    say(event="step", text="half of the way", done=0.5)
    if name == "hangs":
        signal.pause()
    if name == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
        say(event="step", text=str(child.pid), done=0.6)
        signal.pause()
    if name == "crashes":
        print("the disk is full", file=sys.stderr)
        return 3
    if name == "babbles":
        print("warning: not a line of JSON\n[1]\n{}", flush=True)
    return finish(name != "bad", folder)


def main(folder: str, *arguments: str) -> int:
    if "--list" in arguments:
        print(json.dumps(listed()))
        return 0
    return drill(arguments[0], Path(folder))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
