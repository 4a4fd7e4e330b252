"""The JSON Schema of bot-config.json, generated from the models (``python -m engine.config`` writes it)."""

import json
from typing import Any

from engine.config.models import Config


def schema() -> dict[str, Any]:
    """JSON Schema of the file: the models' own, without the profile, which is no key of the file."""
    generated = Config.model_json_schema()
    del generated["properties"]["profile"]
    generated["properties"]["$schema"] = {"type": "string", "description": "Where this schema lies, for editors."}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **generated}


def schema_text() -> str:
    """The schema as it stands in the file."""
    return json.dumps(schema(), indent=2) + "\n"
