"""Compiling: the one place that speaks to numba, and where the machine code is kept between starts.

Numba keeps compiled functions in files and takes one for current as long as the file that the function stands in has
not changed. A kernel also holds what it calls from other files, so here every state of the sources (of the function's
own folder and of this one) has a folder of its own: no file of an earlier state can be taken for a current one,
whenever the program was killed. A cache that cannot be written or read costs a compilation, never an error: the
folder may be read-only, the disk full, a file cut short by a power failure.
"""

import hashlib
import inspect
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final, Self, TypeVar, cast

import numba
from numba.core.caching import FunctionCache
from numba.misc.appdirs import AppDirs

Function = TypeVar("Function", bound=Callable[..., Any])

HERE: Final = Path(__file__).resolve().parent
PREFIX: Final = "compiled-"
SAFE_MATHEMATICS: Final = frozenset({"contract", "nsz", "arcp", "nnan", "ninf"})
"""Licences for the compiler that change roundings by at most an ulp: fused multiply-add, no signed zeros, reciprocals
in place of divisions. It may also take it for granted that no number is NaN or infinite. Sums keep their order."""

_configuration: Final[Any] = numba.config
_function_cache: Final[Any] = FunctionCache
_folders_of: Final[Any] = AppDirs

_configuration.CACHE_LOCATOR_CLASSES = f"{__name__}.Locator"


def jit(function: Function) -> Function:
    """The function compiled at its first call, once for each set of argument types.

    It gives up the interpreter's lock, divides without raising, takes it for granted that no number is NaN or
    infinite (see ``SAFE_MATHEMATICS``), and checks no index: a wrong one reads or overwrites other memory. It may call
    other compiled functions and take numbers, arrays, tuples and named tuples; large tables are arguments, not
    globals.
    """
    dispatcher: Any = numba.njit(nogil=True, error_model="numpy", boundscheck=False, fastmath=set(SAFE_MATHEMATICS))(
        function
    )
    with suppress(RuntimeError, OSError):  # no folder to keep it in, no source to stamp it with: compiled every time
        dispatcher._cache = Kept(_function_cache(function))
    return cast(Function, dispatcher)


class Kept:
    """Numba's cache of one function, to which a file that cannot be read or written is a file that is not there."""

    def __init__(self, files: Any) -> None:
        self._files = files

    @property
    def cache_path(self) -> str:
        return str(self._files.cache_path)

    def load_overload(self, signature: Any, target: Any) -> Any:
        try:
            return self._files.load_overload(signature, target)
        except Exception:  # damaged pickles raise almost anything; the function is compiled again and the file replaced
            self.flush()
            return None

    def save_overload(self, signature: Any, compiled: Any) -> None:
        try:
            self._files.save_overload(signature, compiled)
        except OSError:
            self.disable()

    def enable(self) -> None:
        self._files.enable()

    def disable(self) -> None:
        self._files.disable()

    def flush(self) -> None:
        try:
            self._files.flush()
        except OSError:
            self.disable()


class Locator:
    """Where the compiled code of one function is kept and what makes it stale; numba asks for one a function."""

    def __init__(self, function: Callable[..., Any], source: Path, folder: Path) -> None:
        self._py_file = str(source)
        self._line = function.__code__.co_firstlineno
        self._room = source.parent
        self._folder = folder

    @classmethod
    def from_function(cls, function: Callable[..., Any], file: str) -> Self | None:
        """None where nothing can be kept. The module knows its absolute path even in a frozen program, where
        ``file`` depends on the working directory."""
        module = inspect.getmodule(function)
        source = Path(getattr(module, "__file__", None) or file).resolve()
        folder = cache_folder(source.parent)
        return None if folder is None else cls(function, source, folder)

    def ensure_cache_path(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)

    def get_cache_path(self) -> str:
        return str(self._folder)

    def get_source_stamp(self) -> str:
        return source_stamp(self._room)

    def get_disambiguator(self) -> str:
        return str(self._line)


def is_frozen() -> bool:
    return bool(getattr(sys, "frozen", False))


@cache
def cache_folder(room: Path) -> Path | None:
    """Where the compiled functions of a folder of modules are kept, None where nothing can be written; folders of
    other states of the sources are cleared away.

    In order: ``NUMBA_CACHE_DIR``; beside the modules (where it is there and filled, it need not be writable: a frozen
    program is shipped so); the user's folder for caches.
    """
    state = f"{PREFIX}{source_stamp(room)[:16]}"
    apart = f"{room.name}-{hashlib.sha256(str(room).encode()).hexdigest()[:16]}"
    if _configuration.CACHE_DIR:
        places = [Path(_configuration.CACHE_DIR, apart)]
    else:
        of_the_user = _folders_of(appname="pitboss", appauthor=False).user_cache_dir
        places = [room / "__pycache__", Path(of_the_user, "kernels", apart)]
    for place in places:
        if any((place / state).glob("*.nbi")):
            return place / state
        if _writable(place / state):
            for other in place.glob(f"{PREFIX}*"):
                if other.name != state:
                    shutil.rmtree(other, ignore_errors=True)
            return place / state
    return None


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


@cache
def source_stamp(room: Path) -> str:
    """What the sources of a folder and of this one say, in one digest; of a frozen program, the program itself."""
    digest = hashlib.sha256()
    if is_frozen():
        files = [Path(sys.executable)]
    else:
        files = [file for folder in sorted({room, HERE}) for file in sorted(folder.glob("*.py"))]
    for file in files:
        content = file.read_bytes()
        digest.update(f"{file.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()
