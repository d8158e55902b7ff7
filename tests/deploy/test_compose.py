"""What may be asked of every container that compose runs: hardened, bounded, apart, and given no more than it needs."""

import os
import re

import pytest
from jsonschema import Draft202012Validator
from pydantic_settings import BaseSettings

from andon.cli.reference.settings import PLAIN, SECTIONS, variables
from andon.cli.secrets import missing
from andon.common.settings import load as load_settings

from . import compositions
from .compositions import FILES, FOLDER, Service, asked, filled, load, mounts, place, services

WORD, WORDS = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
DURATION = {"type": "string", "pattern": r"^(\d+(ms|s|m|h))+$"}
BYTES = {"type": "string", "pattern": r"^\d+(\.\d+)?[kmg]b?$"}
ENVIRONMENT = {"type": "object", "additionalProperties": {"type": ["string", "number", "null"]}}
CONDITIONS = ["service_started", "service_healthy", "service_completed_successfully"]
SERVICE = {
    "image": WORD,
    "build": {
        "type": "object",
        "required": ["context"],
        "properties": {"context": WORD, "dockerfile": WORD, "target": WORD, "args": ENVIRONMENT},
        "additionalProperties": False,
    },
    "pull_policy": {"enum": ["never"]},
    "command": WORDS,
    "entrypoint": WORDS,
    "environment": ENVIRONMENT,
    "env_file": {
        "items": {"properties": {"path": WORD, "required": {"type": "boolean"}}, "additionalProperties": False}
    },
    "ports": WORDS,
    "networks": WORDS,
    "network_mode": WORD,
    "volumes": WORDS,
    "tmpfs": WORDS,
    "user": {"type": "string", "pattern": r"^\d+:\d+$"},
    "read_only": {"type": "boolean"},
    "init": {"type": "boolean"},
    "cap_drop": WORDS,
    "cap_add": WORDS,
    "security_opt": WORDS,
    "profiles": WORDS,
    "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
    "stop_grace_period": DURATION,
    "mem_limit": BYTES,
    "shm_size": BYTES,
    "logging": {
        "properties": {"driver": WORD, "options": {"additionalProperties": WORD}},
        "additionalProperties": False,
    },
    "healthcheck": {
        "properties": {"test": WORDS, "interval": DURATION, "timeout": DURATION, "start_period": DURATION},
        "additionalProperties": False,
    },
    "depends_on": {
        "additionalProperties": {
            "required": ["condition"],
            "properties": {"condition": {"enum": CONDITIONS}},
            "additionalProperties": False,
        }
    },
}
"""Of the compose specification what these files use, each in one of the forms that it allows."""
SCHEMA = {
    "required": ["services"],
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
        "services": {"additionalProperties": {"properties": SERVICE, "additionalProperties": False}},
        "volumes": {"additionalProperties": {"type": ["object", "null"], "properties": {"name": WORD}}},
        "networks": {"additionalProperties": {"type": ["object", "null"], "properties": {"internal": {"const": True}}}},
    },
    "patternProperties": {"^x-": {}},
    "additionalProperties": False,
}
SECRETS = set(missing({}))
KNOWN = {name for classes in SECTIONS.values() for one in classes for name, _ in variables(one)} | {
    name for name, *_ in PLAIN
}
OURS = [name for name, one in services().items() if one["image"].startswith("andon")]
TMP = "/tmp"  # noqa: S108 - the container's
ONCE = {"volumes", "backup"}
"""Those that end by themselves."""


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_what_the_specification_allows(name: str) -> None:
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(load(name))] == []


@pytest.mark.parametrize(
    ("who", "service"),
    [(f"{name}:{who}", one) for name in FILES for who, one in services(name).items() if "image" in one],
)
def test_every_container_is_hardened(who: str, service: Service) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert TMP in [*service.get("tmpfs", []), *(target for _, target, _ in mounts(service))]
    assert service.get("cap_add", []) == (["CHOWN"] if who.endswith(":volumes") else [])
    assert "privileged" not in service
    assert not [source for source, _, _ in mounts(service) if "docker.sock" in source]
    assert re.search(r":(\$\{ANDON_VERSION:-)?[\w.-]+\}?(@sha256:[0-9a-f]{64})?$", service["image"])
    assert ":latest" not in service["image"]
    assert ("pull_policy" in service) is service["image"].startswith("andon"), "ours are nowhere to be had"


@pytest.mark.parametrize(("who", "service"), {**services(), "prometheus": services("watch.yaml")["prometheus"]}.items())
def test_every_service_is_bounded_and_looked_after(who: str, service: Service) -> None:
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    assert service["mem_limit"]
    assert (service["user"].split(":")[0] == "0") is (who == "volumes")
    assert service["restart"] == ("no" if who in ONCE else "unless-stopped")
    assert ("healthcheck" in service) is (who not in {*ONCE, "demo"})


def test_proxy_and_mqtt_alone_are_published() -> None:
    assert {who: one["ports"] for who, one in services().items() if "ports" in one} == {
        "proxy": ["${ANDON_PORT:-8000}:8080"],
        "nats": ["${ANDON_MQTT_PORT:-1883}:1883"],
    }
    assert services("tls.yaml")["nats"]["ports"] == []
    assert set(services("tls.yaml")["proxy"]["ports"]) == {
        "${ANDON_HTTPS_PORT:-443}:8443",
        "${ANDON_MQTTS_PORT:-8883}:8883",
    }
    outside = {who for who, one in services().items() if "outside" in one.get("networks", [])}
    assert outside == {"proxy", "nats", "alerting"}
    assert {name for name, one in load("compose.yaml")["networks"].items() if not one} == {"outside"}


def test_whatever_is_named_is_there() -> None:
    whole, found = load("compose.yaml"), services()
    named = [source for one in found.values() for source, _, _ in mounts(one)]
    assert {source for source in named if not source.startswith(".")} == whole["volumes"].keys()
    for source in named:
        assert not source.startswith(".") or place(source).exists(), source
    assert {net for one in found.values() for net in one.get("networks", [])} == whole["networks"].keys()
    for who, one in found.items():
        for other, told in one.get("depends_on", {}).items():
            assert told["condition"] != "service_healthy" or "healthcheck" in found[other], (who, other)
            assert (told["condition"] == "service_completed_successfully") is (other in ONCE), (who, other)
    for name in FILES:
        for one in services(name).values():
            if "build" in one:
                assert (place(one["build"]["context"]) / one["build"]["dockerfile"]).is_file()
    for name in ("tls.yaml", "watch.yaml"):
        for source in (source for one in services(name).values() for source, _, _ in mounts(one)):
            assert source in {"./tls", "prometheus"} or place(source).exists(), source


def test_every_image_of_ours_is_built_once() -> None:
    built = [one["image"] for one in services().values() if "build" in one]
    assert len(built) == len(set(built))
    assert {services()[who]["image"] for who in OURS} == set(built)
    recipe = (FOLDER.parent / "docker" / "Dockerfile").read_text()
    for name in ("compose.yaml", "one.yaml", "secrets.yaml"):
        for one in services(name).values():
            if "build" in one:
                assert re.search(rf"(?m)^FROM \S+ AS {one['build']['target']}$", recipe)
                meant = one["build"].get("args", {}).get("SERVICE")
                assert not meant or one["image"].startswith(f"{meant}:")


@pytest.mark.parametrize("who", OURS)
def test_every_setting_is_one_that_is_read(who: str) -> None:
    assert set(services()[who].get("environment", {})) - KNOWN - SECRETS == set()


@pytest.mark.parametrize(
    ("who", "title"),
    [
        ("ingest", "Ingest"),
        ("registry", "Registry"),
        ("query", "Query"),
        ("derive", "Derive"),
        ("alerting", "Alerting"),
        ("web", "The pages, where services run apart"),
        ("demo", "Simulator"),
        ("demo", "One machine, and the commands"),
    ],
)
def test_every_value_is_one_that_is_taken(who: str, title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {name: filled(value, missing({})) for name, value in services()[who]["environment"].items()}
    for name in [name for name in os.environ if name.startswith("ANDON_")]:
        monkeypatch.delenv(name)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    common = [one for one in SECTIONS["Every service"] if needed(one) <= given.keys()]
    for one in (*SECTIONS[title], *common):
        assert needed(one) <= given.keys()
        load_settings(one)


def needed(settings: type[BaseSettings]) -> set[str]:
    return {name for name, field in variables(settings) if field.is_required()}


def test_no_secret_has_a_default_and_none_stands_in_a_file() -> None:
    for name in FILES:
        for variable, kind, _ in compositions.variables(compositions.text(name)):
            assert (kind == ":?") is (variable in SECRETS), (name, variable)
    for who, one in services().items():
        for variable, value in one.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|SEED|_KEY$|JWKS", variable):
                assert asked({"environment": {variable: value}}), (who, variable)
    kept = (FOLDER / ".gitignore").read_text().split()
    assert {".env", "settings.env", "tls/"} <= set(kept)


def test_what_may_be_set_is_told() -> None:
    told = set(re.findall(r"(?m)^#?(\w+)=", compositions.text(".env.example")))
    read = {
        variable
        for name in FILES
        for variable, kind, _ in compositions.variables(compositions.text(name))
        if kind == ":-"
    }
    assert told - {"COMPOSE_PROFILES"} == read - {"ANDON_UP"}
