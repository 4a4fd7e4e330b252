"""Writes config/bot-config.schema.json from the models: ``python -m engine.config``."""

from engine.config.places import root
from engine.config.schema import schema_text

(root() / "config" / "bot-config.schema.json").write_text(schema_text(), encoding="utf-8")
