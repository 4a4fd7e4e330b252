"""Sixteen float32 numbers side by side, as one value inside compiled functions.

``load`` and ``store`` move 16 neighbouring numbers of a float32 array; ``+``, ``-`` and ``*`` work number by number;
``transpose`` turns a 16 x 16 block. The compiler makes one AVX-512 or two AVX2 instructions of each. ``peek`` and
``poke`` read and write a single number and ``index`` a whole one, without the test for indices counted from the end
that would keep loops from being vectorised. Nothing here checks an index: the caller's tables are trusted.

These are intrinsics in the sense of numba's extension interface; ``Sixteen`` exists in compiled code alone.
"""

import operator
from collections.abc import Callable
from typing import Any, Final

from llvmlite import ir
from numba import types
from numba.core.datamodel import models
from numba.extending import intrinsic, overload, register_model

LANES: Final = 16
LICENCES: Final = ("contract", "nsz", "arcp", "nnan", "ninf")
"""What the compiler may assume of an operation; as in ``compile.SAFE_MATHEMATICS``."""

_WHOLE: Final = ir.IntType(32)
_VECTOR: Final = ir.VectorType(ir.FloatType(), LANES)
_ZERO: Final = ir.Constant(_VECTOR, [0.0] * LANES)
_ONE: Final = ir.Constant(_VECTOR, [1.0] * LANES)

_Type: Any = types.Type
_PrimitiveModel: Any = models.PrimitiveModel


class Sixteen(_Type):  # type: ignore[misc]
    """The type of sixteen float32 numbers."""

    def __init__(self) -> None:
        super().__init__(name="Sixteen")


class _SixteenModel(_PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, of: Any) -> None:
        super().__init__(manager, of, _VECTOR)


register_model(Sixteen)(_SixteenModel)
SIXTEEN: Final = Sixteen()


def _place(context: Any, builder: Any, kind: Any, array: Any, at: Any) -> Any:
    """The address of an array's number ``at``."""
    data = context.make_array(kind)(context, builder, value=array).data
    return builder.gep(data, [at])


def _block(context: Any, builder: Any, kind: Any, array: Any, at: Any) -> Any:
    """The address of the sixteen numbers that begin at ``at``."""
    return builder.bitcast(_place(context, builder, kind, array, at), _VECTOR.as_pointer())


def _indices(places: list[int]) -> Any:
    return ir.Constant(ir.VectorType(_WHOLE, len(places)), places)


def _load(typing: Any, array: Any, at: Any) -> Any:
    """load(array, at): the sixteen numbers from ``at`` on."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(_block(context, builder, signature.args[0], *arguments), align=4)

    return SIXTEEN(array, at), code


def _store(typing: Any, array: Any, at: Any, value: Any) -> Any:
    """store(array, at, value): write sixteen numbers from ``at`` on."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array, at, value = arguments
        builder.store(value, _block(context, builder, signature.args[0], array, at), align=4)
        return context.get_dummy_value()

    return types.void(array, at, value), code


def _peek(typing: Any, array: Any, at: Any) -> Any:
    """peek(array, at): one number."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(_place(context, builder, signature.args[0], *arguments))

    return array.dtype(array, at), code


def _index(typing: Any, array: Any, at: Any) -> Any:
    """index(array, at): one whole number of an int32 table, as int64."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.sext(builder.load(_place(context, builder, signature.args[0], *arguments)), ir.IntType(64))

    return types.int64(array, at), code


def _poke(typing: Any, array: Any, at: Any, value: Any) -> Any:
    """poke(array, at, value): write one number."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array, at, value = arguments
        builder.store(value, _place(context, builder, signature.args[0], array, at))
        return context.get_dummy_value()

    return types.void(array, at, array.dtype), code


def _spread(typing: Any, number: Any) -> Any:
    """spread(number): the same float32 sixteen times."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        undefined = ir.Constant(_VECTOR, ir.Undefined)
        first = builder.insert_element(undefined, arguments[0], _WHOLE(0))
        return builder.shuffle_vector(first, undefined, _indices([0] * LANES))

    return SIXTEEN(types.float32), code


def _larger(typing: Any, left: Any, right: Any) -> Any:
    """larger(left, right): the larger of each two numbers."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.select(builder.fcmp_ordered(">", *arguments), *arguments)

    return SIXTEEN(left, right), code


def _if_positive(typing: Any, tested: Any, then: Any, otherwise: Any) -> Any:
    """if_positive(tested, then, otherwise): number by number, ``then`` where ``tested`` is above 0."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        tested, then, otherwise = arguments
        return builder.select(builder.fcmp_ordered(">", tested, _ZERO), then, otherwise)

    return SIXTEEN(tested, then, otherwise), code


def _reciprocal(typing: Any, value: Any) -> Any:
    """reciprocal(value): 1 / value, rounded as a division."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.fdiv(_ONE, arguments[0])

    return SIXTEEN(value), code


def _transpose(typing: Any, source: Any, at: Any, stride: Any, target: Any, to: Any, step: Any) -> Any:
    """transpose(source, at, stride, target, to, step): target[to + step j + i] = source[at + stride i + j].

    Four rounds exchange the off-diagonal quarters of blocks of 16, 8, 4 and 2 (Eklundh 1972).
    """

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        source, at, stride, target, to, step = arguments
        kinds = signature.args
        rows = []
        for row in range(LANES):
            begin = builder.add(at, builder.mul(stride, ir.Constant(stride.type, row)))
            rows.append(builder.load(_block(context, builder, kinds[0], source, begin), align=4))
        for half in (8, 4, 2, 1):
            upper = _indices([lane + LANES - half if lane & half else lane for lane in range(LANES)])
            lower = _indices([lane + LANES if lane & half else lane + half for lane in range(LANES)])
            for row in (row for row in range(LANES) if not row & half):
                first, second = rows[row], rows[row + half]
                rows[row] = builder.shuffle_vector(first, second, upper)
                rows[row + half] = builder.shuffle_vector(first, second, lower)
        for row in range(LANES):
            begin = builder.add(to, builder.mul(step, ir.Constant(step.type, row)))
            builder.store(rows[row], _block(context, builder, kinds[3], target, begin), align=4)
        return context.get_dummy_value()

    whole = types.int64
    return types.void(source, whole, whole, target, whole, whole), code


def _zeros(typing: Any) -> Any:
    """zeros(): sixteen zeros."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _ZERO

    return SIXTEEN(), code


def _arithmetic(instruction: str) -> Callable[..., Any]:
    def operation(typing: Any, left: Any, right: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return getattr(builder, instruction)(*arguments, flags=LICENCES)

        return SIXTEEN(left, right), code

    return operation


def _means(symbol: Callable[[Any, Any], Any], instruction: str) -> None:
    """Teach the compiler what an operator does with two values of this type."""
    compute: Any = intrinsic(_arithmetic(instruction))

    def operate(left: Any, right: Any) -> Any:
        return compute(left, right)

    def chosen(left: Any, right: Any) -> Any:
        return operate if isinstance(left, Sixteen) and isinstance(right, Sixteen) else None

    overload(symbol)(chosen)


_means(operator.add, "fadd")
_means(operator.sub, "fsub")
_means(operator.mul, "fmul")

load: Any = intrinsic(_load)
store: Any = intrinsic(_store)
peek: Any = intrinsic(_peek)
index: Any = intrinsic(_index)
poke: Any = intrinsic(_poke)
spread: Any = intrinsic(_spread)
zeros: Any = intrinsic(_zeros)
larger: Any = intrinsic(_larger)
if_positive: Any = intrinsic(_if_positive)
reciprocal: Any = intrinsic(_reciprocal)
transpose: Any = intrinsic(_transpose)
