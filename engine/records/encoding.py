"""Value types to JSON and back: one way in, one way out, and a clear refusal of what does not belong in a record."""

import math
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

from engine.words import Frame

T = TypeVar("T")


class EncodingError(TypeError):
    """A value that is never stored; the message says where it stands and what to store instead."""


class DecodingError(ValueError):
    """Stored JSON that is not the value it should be."""


def encode(value: object, where: str = "value") -> Any:
    """``value`` as JSON: dataclasses become objects, enums their values, tuples lists. Raises EncodingError."""
    if isinstance(value, Enum):
        return encode(value.value, where)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return _finite(value, where)
    if isinstance(value, Frame | np.ndarray):
        raise EncodingError(f"{where}: pixels and arrays are never stored; store what was read from them")
    if isinstance(value, np.generic):
        return encode(value.item(), where)
    return _encode_container(value, where)


def _encode_container(value: object, where: str) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: encode(getattr(value, field.name), f"{where}.{field.name}") for field in fields(value)}
    if isinstance(value, tuple | list):
        return [encode(entry, f"{where}[{index}]") for index, entry in enumerate(value)]
    if isinstance(value, Mapping):
        return {_key(key, where): encode(entry, f"{where}.{key}") for key, entry in value.items()}
    raise EncodingError(f"{where}: a {type(value).__name__} cannot be stored; store a dataclass, text or numbers")


def _finite(value: float, where: str) -> float:
    if not math.isfinite(value):
        raise EncodingError(f"{where}: {value} is not a number that can be stored; store None when it is unknown")
    return float(value)


def _key(key: object, where: str) -> str:
    """JSON's keys are text; seat numbers become their digits."""
    if not isinstance(key, str | int) or isinstance(key, bool):
        raise EncodingError(f"{where}: the key {key!r} is neither text nor a whole number")
    return str(key)


def decode(kind: type[T], data: Any, where: str = "value") -> T:
    """The value of type ``kind`` that ``encode`` turned into ``data``. Raises DecodingError."""
    value: T = _decode(kind, data, where)
    return value


def _decode(kind: Any, data: Any, where: str) -> Any:
    origin = get_origin(kind) or kind
    if kind is Any:
        return data
    if origin in (Union, types.UnionType):
        return _decode_union(kind, data, where)
    if origin is tuple:
        return _decode_tuple(get_args(kind), data, where)
    if origin is dict:
        return _decode_dict(get_args(kind), _object(data, where), where)
    if is_dataclass(origin):
        return _decode_dataclass(kind, origin, data, where)
    return _decode_plain(kind, data, where)


def _decode_union(kind: Any, data: Any, where: str) -> Any:
    choices = [choice for choice in get_args(kind) if choice is not types.NoneType]
    return None if data is None else _decode(choices[0], data, where)


def _decode_tuple(kinds: tuple[Any, ...], data: Any, where: str) -> Any:
    if not isinstance(data, list):
        raise DecodingError(f"{where}: {data!r} is not a list")
    if kinds[1:] == (Ellipsis,):
        kinds = (kinds[0],) * len(data)
    if len(kinds) != len(data):
        raise DecodingError(f"{where}: {len(data)} entries where {len(kinds)} belong")
    return tuple(_decode(kind, entry, f"{where}[{i}]") for i, (kind, entry) in enumerate(zip(kinds, data, strict=True)))


def _decode_dict(kinds: tuple[Any, ...], data: dict[str, Any], where: str) -> Any:
    key_kind, kind = kinds
    try:
        return {key_kind(key): _decode(kind, entry, f"{where}.{key}") for key, entry in data.items()}
    except DecodingError:
        raise
    except ValueError:
        raise DecodingError(f"{where}: keys {sorted(data)} where {key_kind.__name__} belongs") from None


def _decode_dataclass(kind: Any, origin: Any, data: Any, where: str) -> Any:
    content, hints = _object(data, where), _hints(origin)
    if set(content) != set(hints):
        raise DecodingError(f"{where}: {sorted(content)} where {sorted(hints)} belong")
    given = dict(zip(getattr(origin, "__parameters__", ()), get_args(kind), strict=False))
    return origin(**{name: _decode(_bind(hints[name], given), content[name], f"{where}.{name}") for name in hints})


@cache
def _hints(origin: Any) -> dict[str, Any]:
    hints = get_type_hints(origin)
    return {field.name: hints[field.name] for field in fields(origin)}


def _bind(kind: Any, given: Mapping[Any, Any]) -> Any:
    """A generic dataclass's field type with its type variable filled in: ``T | None`` of Reading[int] is ``int``."""
    if isinstance(kind, TypeVar):
        return given.get(kind, Any)
    arguments = get_args(kind)
    if given and any(isinstance(argument, TypeVar) for argument in arguments):
        bound: Any = Union[tuple(_bind(argument, given) for argument in arguments)]  # noqa: UP007 (made at run time)
        return bound
    return kind


def _decode_plain(kind: Any, data: Any, where: str) -> Any:
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(data)
        except ValueError:
            raise DecodingError(f"{where}: {data!r} is no {kind.__name__}") from None
    if kind is float and type(data) is int:
        return float(data)
    if type(data) is not kind:
        raise DecodingError(f"{where}: {data!r} is no {kind.__name__}")
    return data


def _object(data: Any, where: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise DecodingError(f"{where}: {data!r} is not an object")
    return data
