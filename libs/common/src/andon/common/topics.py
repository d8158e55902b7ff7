"""MQTT topics: `factory/{site}/{area}/{line}/{machine}[/{sensor}]`.

Only this file spells a topic.
"""

import re

ROOT = "factory"
INTAKE_FILTER = f"{ROOT}/#"
INTAKE_CLIENT = "andon-intake"
"""Intake's MQTT client ids begin so, and no device's may: whoever takes the id takes the session and what it holds."""

MACHINE_DEPTH = 4
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
SENSOR_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


def machine_topic(path: str) -> str:
    """Topic on which the machine at `path` publishes JSON objects."""
    return f"{ROOT}/{path}"


def sensor_topic(path: str, key: str) -> str:
    """Topic on which one sensor of the machine at `path` publishes bare values."""
    return f"{ROOT}/{path}/{key}"


def nats_subjects(scope: str) -> list[str]:
    """NATS subjects a device with `scope` (a plant path, or '' for the whole plant) may publish on.

    nats-server maps the MQTT topic `a/b` to the subject `a.b`.
    """
    subject = ".".join([ROOT, *[s for s in scope.split("/") if s]])
    return [subject, f"{subject}.>"]


def topic_of(subject: str) -> str:
    """MQTT topic of a NATS subject: nats-server writes `/` as `.`, and `.` as `//`."""
    return subject.replace("//", "\0").replace(".", "/").replace("\0", ".")
