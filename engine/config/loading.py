"""Reads bot-config.json and a profile's overlay into a validated Config, or says everything that is wrong."""

import json
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError

from engine.config.models import Config
from engine.config.places import root
from engine.config.problems import ConfigError, describe
from engine.config.schema import schema

DEFAULT_NAME = "bot-config.json"


def load(path: Path | None, profile: str) -> Config:
    """The configuration of ``profile``: the file (the product's own when None) overlaid with profiles/<profile>.json.

    The overlays lie beside the file, in ``profiles``; a file that has none beside it takes the product's own.
    Raises ConfigError that lists every problem.
    """
    file = path or root() / "config" / DEFAULT_NAME
    overlay_file = _overlay_file(file, profile)
    base, overlay = _read(file), _read(overlay_file)
    merged = _merge(base, overlay)
    problems = _problems(merged | {"profile": profile}, overlay, overlay_file)
    if "profile" in merged:
        problems.insert(0, "profile: unknown key - the profile is named on the command line (--profile)")
    if problems:
        raise ConfigError(f"{file} with profile {profile}", problems, f"Correct the lines above in {file}.")
    return _validate(merged | {"profile": profile})


def _merge(base: dict[str, Any], overlay: dict[str, Any]) -> dict[str, Any]:
    """``base`` with ``overlay`` laid over it, section by section; lists and values are replaced whole."""
    merged = dict(base)
    for key, value in overlay.items():
        old = merged.get(key)
        merged[key] = _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _profiles(directory: Path) -> list[str]:
    """The names of the profiles whose overlays lie in a folder."""
    return sorted(entry.stem for entry in directory.glob("*.json"))


def _overlay_file(file: Path, profile: str) -> Path:
    beside = file.parent / "profiles"
    directory = beside if beside.is_dir() else root() / "config" / "profiles"
    known = _profiles(directory)
    if profile not in known:
        problem = f"profile: value {json.dumps(profile)} - allowed: {', '.join(known) or 'none found'}"
        raise ConfigError(str(directory), [problem], "Name one of these with --profile, or add its overlay there.")
    return directory / f"{profile}.json"


def _read(file: Path) -> dict[str, Any]:
    try:
        data = json.loads(file.read_text(encoding="utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
    except FileNotFoundError:
        raise ConfigError(
            str(file), ["the file does not exist"], "Give its path with --config, or restore it."
        ) from None
    except json.JSONDecodeError as error:
        problem = f"line {error.lineno}, column {error.colno}: not JSON - {error.msg}"
        raise ConfigError(str(file), [problem], "Correct that place; an editor that knows JSON shows it.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError(str(file), [f"cannot be read - {error}"], "Correct or restore the file.") from None
    if not isinstance(data, dict):
        raise ConfigError(str(file), ["not an object"], "The file must be one JSON object in braces.")
    data.pop("$schema", None)
    return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ValueError(f"{', '.join(twice)}: the key stands there more than once")
    return dict(pairs)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number that JSON knows")


def _validate(data: dict[str, Any]) -> Config:
    return Config.model_validate_json(json.dumps(data))


def _problems(data: dict[str, Any], overlay: dict[str, Any], overlay_file: Path) -> list[str]:
    """Every problem: a rule between keys is tried only once its keys are sound, so faulty ones are left out in turn."""
    lines: list[str] = []
    left_out: list[str] = []
    while True:
        try:
            _validate(data)
            return lines
        except ValidationError as error:
            found = describe(error, schema(), overlay, overlay_file)
            lines += [line for line in found if not any(key in line for key in left_out)]
            faulty = [detail["loc"] for detail in error.errors() if detail["loc"]]
        if not faulty:
            return lines
        for location in faulty:
            data = _without(data, location)
            left_out.append(str(location[min(1, len(location) - 1)]))


def _without(data: dict[str, Any], location: tuple[int | str, ...]) -> dict[str, Any]:
    key, rest = str(location[0]), location[1:]
    child = data.get(key)
    if rest and isinstance(child, dict):
        return data | {key: _without(child, rest)}
    return {name: value for name, value in data.items() if name != key}
