"""The parts that kernels are made of: compiled for other compiled functions alone."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

from engine.solver.kernels.compile import SAFE_MATHEMATICS

Function = TypeVar("Function", bound=Callable[..., Any])


def part(function: Function) -> Function:
    """Like ``compile.jit``, for a function that only kernels call.

    It is written out where it is called: handing over its tables, hundreds of numbers, took longer than most of the
    work. Nothing is made for calls from outside and nothing is kept, since a kernel that is kept holds its parts.
    """
    make: Any = numba.njit
    compiled = make(
        nogil=True,
        error_model="numpy",
        boundscheck=False,
        fastmath=set(SAFE_MATHEMATICS),
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
        forceinline=True,
    )(function)
    return cast(Function, compiled)
