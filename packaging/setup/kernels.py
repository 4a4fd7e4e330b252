"""Compiles the solver's kernels once, so that the first console need not wait for them."""

import hashlib
import subprocess
from pathlib import Path

from environment import ROOT, say

ROOM = Path("engine", "solver")
STAMP = Path(".venv", "pitboss-kernels")


def source_digest(root: Path) -> str:
    """A name for the sources as they are now: other kernels are compiled anew."""
    digest = hashlib.sha256()
    for file in sorted((root / ROOM).rglob("*.py")):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def compile_kernels(python: Path, root: Path = ROOT) -> bool:
    """Compile them unless that was done; False when it failed: the solver then compiles whenever it starts."""
    digest, stamp = source_digest(root), root / STAMP
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == digest:
        return True
    say("compiling the solver's kernels for this processor; this is done once and takes some 15 seconds")
    made = subprocess.run([python, "-m", "engine.solver.brain.warm"], cwd=root, capture_output=True, check=False)
    if made.returncode:
        last = made.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        say(f"that did not work ({last or f'exit code {made.returncode}'}); the solver will do it when it starts")
        return False
    stamp.write_text(digest, encoding="utf-8")
    return True
