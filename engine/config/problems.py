"""Turns what validation found into lines that name the key, the value and what is allowed."""

import difflib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

Location = tuple[int | str, ...]


class ConfigError(ValueError):
    """A configuration that cannot be used; ``problems`` has one line for each thing that is wrong."""

    def __init__(self, where: str, problems: Sequence[str], advice: str) -> None:
        self.problems = tuple(problems)
        self.advice = advice
        count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__("\n".join([f"{where}: {count}", *(f"  {line}" for line in problems), advice]))


def describe(
    error: ValidationError, schema: Mapping[str, Any], overlay: Mapping[str, Any], overlay_file: Path
) -> list[str]:
    """One line an error; a value that the profile's overlay gave says so."""
    lines = []
    for detail in error.errors():
        from_overlay = detail["type"] != "value_error" and _holds(overlay, detail["loc"])
        lines.append(_line(detail, schema) + (f" (in {overlay_file.name})" if from_overlay else ""))
    return lines


def _line(detail: ErrorDetails, schema: Mapping[str, Any]) -> str:
    location = detail["loc"]
    key = ".".join(str(part) for part in location)
    if detail["type"] == "value_error":
        return f"{key}: {detail['ctx']['error']}" if key else str(detail["ctx"]["error"])
    if detail["type"] == "extra_forbidden":
        return f"{key}: unknown key - {_suggestion(location, schema)}"
    value = json.dumps(detail["input"], default=str)
    return f"{key}: value {value} - allowed: {_allowed(location, schema) or detail['msg']}"


def _suggestion(location: Location, schema: Mapping[str, Any]) -> str:
    known = sorted(node_at(location[:-1], schema).get("properties", {}))
    parent = ".".join(str(part) for part in location[:-1])
    if close := difflib.get_close_matches(str(location[-1]), known, n=1):
        return f"did you mean {parent}.{close[0]}?" if parent else f"did you mean {close[0]}?"
    return f"known here: {', '.join(known)}" if known else "nothing of that name is known"


def node_at(location: Location, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The JSON Schema of a key; an empty mapping when the schema does not know it."""
    node: Mapping[str, Any] = schema
    for part in location:
        node = node.get("items", {}) if isinstance(part, int) else node.get("properties", {}).get(part, {})
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
    return node


def _allowed(location: Location, schema: Mapping[str, Any]) -> str:
    node = node_at(location, schema)
    alternatives = [_allowed_one(choice) for choice in node.get("anyOf", [node])]
    return " or ".join(text for text in alternatives if text)


def _allowed_one(node: Mapping[str, Any]) -> str:
    if "const" in node:
        return json.dumps(node["const"])
    if "enum" in node:
        return "one of " + ", ".join(json.dumps(choice) for choice in node["enum"])
    if node.get("type") in ("integer", "number"):
        return f"{node['type']} {node['minimum']} to {node['maximum']}" if "minimum" in node else node["type"]
    if node.get("type") == "array":
        return f"list of {node['minItems']} to {node['maxItems']} entries"
    if "pattern" in node:
        return f"text that matches {node['pattern']}"
    kind = str(node.get("type", ""))
    return {"boolean": "true or false", "object": "a section in braces"}.get(kind, kind)


def _holds(data: Any, location: Location) -> bool:
    for part in location:
        if not isinstance(data, dict) or part not in data:
            return isinstance(data, list)
        data = data[part]
    return bool(location)
