"""All settings as a page, of the classes that read them."""

from collections.abc import Iterator
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from andon.alerting.settings import AlertingSettings
from andon.cli.reference.markdown import code, line, table
from andon.cli.settings import UpSettings
from andon.cli.web import WebSettings
from andon.common.influx.retention import written
from andon.common.settings import InfluxSettings, InstanceSettings, NatsSettings, ProxySettings, TokenSettings
from andon.ingest.settings import IngestSettings, IntakeSettings
from andon.query.derive.settings import DeriveSettings
from andon.query.settings import QuerySettings
from andon.registry.settings import AuthSettings, RegistrySettings, SystemSettings
from andon.simulator.settings import SimulatorSettings

SECTIONS: dict[str, tuple[type[BaseSettings], ...]] = {
    "One machine, and the commands": (UpSettings,),
    "Every service": (NatsSettings, InfluxSettings, InstanceSettings, ProxySettings, TokenSettings),
    "Ingest": (IngestSettings, IntakeSettings),
    "Registry": (RegistrySettings, AuthSettings, SystemSettings),
    "Query": (QuerySettings,),
    "Derive": (DeriveSettings,),
    "Alerting": (AlertingSettings,),
    "The pages, where services run apart": (WebSettings,),
    "Simulator": (SimulatorSettings,),
}
PLAIN = (
    ("ANDON_LOG_LEVEL", "`info`", "`debug`, `info`, `warning` or `error`."),
    ("ANDON_LOG_FORMAT", "`json`; `console` on a terminal", "How a log line is written."),
    ("ANDON_SECRETS_DIR", "none", "A folder with a file for each secret, named like its variable."),
    ("ANDON_INFLUXD", "found on `PATH`", "The InfluxDB that `up` starts."),
    ("ANDON_NATS_SERVER", "found on `PATH`", "The nats-server that `up` starts."),
    ("ANDON_WEB_DIST", "`web/dist` of the checkout", "The built pages."),
)
"""Read before there are settings, or by the programs that start others."""
INTRO = (
    "# Settings\n\n"
    "Environment variables, read when a program starts; a wrong one ends the program with a sentence that names it. "
    "How to set them, and which matter: [configure](../how-to/configure.md).\n"
)
TYPES = {int: "whole number", str: "text", bool: "`true` or `false`", float: "number"}


def page() -> str:
    """The page of all settings."""
    parts = [INTRO]
    for title, classes in SECTIONS.items():
        parts.append(f"## {title}\n")
        parts.append(table(("variable", "type", "default", "meaning"), [row for one in classes for row in _rows(one)]))
    parts.append("## Programs and logs\n")
    parts.append(table(("variable", "default", "meaning"), [(code(name), *rest) for name, *rest in PLAIN]))
    return "\n".join(parts)


def variables(settings: type[BaseSettings]) -> Iterator[tuple[str, FieldInfo]]:
    """Each field with the name of its environment variable."""
    prefix = str(settings.model_config["env_prefix"])
    for name, field in settings.model_fields.items():
        yield f"{prefix}{name}".upper(), field


def _rows(settings: type[BaseSettings]) -> Iterator[tuple[str, str, str, str]]:
    for name, field in variables(settings):
        yield code(name), _type(name, field), _default(name, field), line(field.description or "")


def _type(name: str, field: FieldInfo) -> str:
    kind: Any = field.annotation
    if get_origin(kind) is Literal:
        return ", ".join(code(one) for one in get_args(kind))
    if kind is SecretStr:
        return "secret"
    named = "duration" if "RETENTION" in name else TYPES.get(kind, "text")
    bounds = {name: value for part in field.metadata for name in ("ge", "le") if (value := getattr(part, name, None))}
    if {"ge", "le"} <= bounds.keys():
        return f"{bounds['ge']} to {bounds['le']}"
    return f"{named}, at least {bounds['ge']}" if "ge" in bounds else named


def _default(name: str, field: FieldInfo) -> str:
    if field.is_required():
        return "**needed**"
    value = field.default
    if field.default_factory is not None or value is None:
        return ""
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if value in ("", [], ()):
        return ""
    if "RETENTION" in name:
        return code(written(value))
    return code(str(value).lower() if isinstance(value, bool) else value.value if isinstance(value, Enum) else value)
