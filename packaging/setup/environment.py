"""Makes the private environment from requirements.lock with nothing but Python and pip; run alone, it runs uv.

Three steps, each skipped when it is already done: a pinned ``uv`` into ``.tools``, a virtual environment in
``.venv``, the locked packages into it. A stamp written last says that all three are complete, so an interrupted
set-up is taken up again. Standard library only, and everything it says goes to standard error.
"""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from failures import SetupError, explain

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.lock"
UV_LOCK = HERE / "tools-uv.txt"
BUILD_CONSTRAINTS = HERE / "build-constraints.txt"
WINDOWS = sys.platform == "win32"

# uv does not read pip's settings: a machine that reaches its packages through a mirror has told pip, so uv is told too.
UV_NAMES_OF_PIP_SETTINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}


def say(text: str) -> None:
    """Tell the person at the terminal; standard output stays free for what scripts read."""
    sys.stderr.write(f"pitboss: {text}\n")
    sys.stderr.flush()


def environment_python(root: Path = ROOT) -> Path:
    """Where the private environment's interpreter is, or will be."""
    return root / ".venv" / ("Scripts/python.exe" if WINDOWS else "bin/python")


def stamp_text(root: Path = ROOT) -> str:
    """What the environment was made from: the lock's contents and the interpreter."""
    contents = (root / LOCK.name).read_bytes() + BUILD_CONSTRAINTS.read_bytes()
    digest = hashlib.sha256(contents).hexdigest()
    return f"{digest} {platform.python_implementation()} {platform.python_version()} {platform.machine()}\n"


def is_ready(root: Path = ROOT) -> bool:
    """Whether the environment is complete and made from the lock as it is now."""
    stamp = root / ".venv" / "pitboss-stamp"
    if not (stamp.is_file() and environment_python(root).exists()):
        return False
    return stamp.read_text(encoding="utf-8") == stamp_text(root)


def prepare(root: Path = ROOT) -> Path:
    """The interpreter of a complete environment, made or mended first when that is needed.

    Raises SetupError, whose text says what to do.
    """
    if is_ready(root):
        return environment_python(root)
    try:
        with only_one_setup(root):
            if not is_ready(root):
                build(root)
    except OSError as error:
        say(f"  {error}")
        raise SetupError(explain(str(error), root)) from error
    return environment_python(root)


def build(root: Path) -> None:
    """Make the environment; without a stamp what is there is half done and is thrown away."""
    say("setting up the private environment; this is done once and takes about a minute")
    stamp = root / ".venv" / "pitboss-stamp"
    half_done = not stamp.is_file()
    stamp.unlink(missing_ok=True)
    uv = install_uv(root)
    if half_done or not environment_python(root).exists() or not same_interpreter(root):
        run_step([uv, "venv", "--quiet", "--clear", "--python", sys.executable, root / ".venv"], root)
    say("2 of 2: installing the locked packages (about 700 MB on disk)")
    sync: list[str | Path] = [uv, "pip", "sync", "--require-hashes", "--build-constraints", BUILD_CONSTRAINTS]
    run_step([*sync, "--python", environment_python(root), root / LOCK.name], root)
    stamp.write_text(stamp_text(root), encoding="utf-8")
    say("the environment is ready")


def same_interpreter(root: Path) -> bool:
    """Whether the environment that is there runs this very version of Python."""
    told = subprocess.run([environment_python(root), "-V"], capture_output=True, text=True, check=False).stdout
    return told.strip() == f"Python {platform.python_version()}"


def install_uv(root: Path = ROOT) -> Path:
    """The pinned uv, fetched by pip and checked against its hash when it is not there yet."""
    pinned = re.match(r"uv==(\S+)", UV_LOCK.read_text(encoding="utf-8"))
    assert pinned is not None, f"{UV_LOCK} must begin with uv==VERSION"
    home = root / ".tools" / f"uv-{pinned[1]}"
    uv = home / "bin" / ("uv.exe" if WINDOWS else "uv")
    if not uv.is_file():
        say("1 of 2: fetching the installer uv with pip")
        partial = home.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        options = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--quiet", "--no-input"]
        pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", *options]
        run_step([*pip, "--target", partial, "-r", UV_LOCK], root)
        shutil.rmtree(home, ignore_errors=True)
        partial.rename(home)
    return uv


def run_step(command: list[str | Path], root: Path) -> None:
    """Run one command, passing on what it says, and turn its failure into advice."""
    words = [str(part) for part in command]
    with subprocess.Popen(
        words,
        cwd=root,
        env=step_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as step:
        assert step.stdout is not None
        said = "".join(pass_on(step.stdout))
    if step.returncode != 0:
        raise SetupError(explain(said, root))


def pass_on(stream: IO[str]) -> Iterator[str]:
    """Yield the lines of a command and show those that tell a person how far it is."""
    for line in stream:
        if line.strip() and not re.match(r" [+~-] |\s*(Downloaded|Building|Built|Resolved) ", line):
            say(f"  {line.strip()}")
        yield line


def step_environment() -> dict[str, str]:
    """The environment for pip and uv: the person's own, with what the set-up relies on set."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("PIP_USER", "PIP_TARGET")}
    fixed = {"UV_SYSTEM_CERTS": "true", "UV_PYTHON_DOWNLOADS": "never"}
    fixed |= {"PIP_REQUIRE_VIRTUALENV": "false", "PIP_ROOT_USER_ACTION": "ignore"}
    return translated_pip_settings(pip_settings(), inherited) | inherited | fixed


def pip_settings() -> str:
    """What ``pip config list`` prints; empty where pip has no settings or is too old to say."""
    told = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    return told.stdout if told.returncode == 0 else ""


def translated_pip_settings(settings: str, inherited: Mapping[str, str]) -> dict[str, str]:
    """pip's settings as uv's variables; none of them when the person has configured uv's index itself."""
    if any(name in inherited for name in UV_NAMES_OF_PIP_SETTINGS.values() if name.startswith("UV_")):
        return {}
    found = re.findall(r"^[^.\n]+\.([a-z-]+)='(.*)'$", settings, re.MULTILINE)
    wanted = {name: value.replace("\\n", " ").strip() for name, value in found if name in UV_NAMES_OF_PIP_SETTINGS}
    translated = {UV_NAMES_OF_PIP_SETTINGS[name]: value for name, value in wanted.items()}
    # Several indexes: take the locked version from whichever has it. Its hash is checked, so this is safe.
    return translated | ({"UV_INDEX_STRATEGY": "unsafe-best-match"} if translated else {})


@contextmanager
def only_one_setup(root: Path) -> Iterator[None]:
    """Hold the set-up's lock, waiting while another set-up has it; the system frees it when a process ends."""
    (root / ".tools").mkdir(exist_ok=True)
    with (root / ".tools" / "lock").open("a+", encoding="utf-8") as handle:
        take(handle)
        yield


def take(handle: IO[str]) -> None:
    """Lock an open file for this process alone."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
        return
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("another set-up of this folder is at work; waiting for it")
        fcntl.flock(handle, fcntl.LOCK_EX)


if __name__ == "__main__":
    sys.exit(subprocess.run([install_uv(), *sys.argv[1:]], env=step_environment(), check=False).returncode)
