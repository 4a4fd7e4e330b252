"""The configuration: its models, how it is read, and where the product's own files lie."""

from engine.config.loading import load
from engine.config.models import Config
from engine.config.places import root
from engine.config.problems import ConfigError
from engine.config.schema import schema

__all__ = ["Config", "ConfigError", "load", "root", "schema"]
