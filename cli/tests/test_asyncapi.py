"""The committed AsyncAPI documents are what the code says, are valid, and nothing on NATS is left out of them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from andon.cli.asyncapi.spec import write
from andon.cli.asyncapi.write import DOCUMENTS, text
from andon.common import subjects
from andon.common.testing.references import lost_references

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "docs/reference/asyncapi"
SPECIFICATION = ROOT / "web/node_modules/@asyncapi/specs/schemas/3.1.0-without-$id.json"


@pytest.fixture(scope="module", params=DOCUMENTS)
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture(scope="module")
def document(name: str) -> dict[str, Any]:
    return write(DOCUMENTS[name])


@pytest.fixture(scope="module")
def specification() -> Draft7Validator:
    """The AsyncAPI initiative's own schema of version 3.1.0."""
    return Draft7Validator(json.loads(SPECIFICATION.read_text()))


def test_the_committed_document_is_what_the_code_says(name: str, document: dict[str, Any]) -> None:
    committed = COMMITTED / f"{name}.json"
    assert committed.exists(), f"{committed.relative_to(ROOT)} is missing. Run: ./justw reference"
    assert committed.read_text() == text(document), (
        f"{committed.relative_to(ROOT)} is not what the code says. Run: ./justw reference"
    )


def test_there_is_no_other_document() -> None:
    assert sorted(path.stem for path in COMMITTED.glob("*.json")) == sorted(DOCUMENTS)


def test_it_is_asyncapi_3_1(document: dict[str, Any], specification: Draft7Validator) -> None:
    assert [f"{list(error.path)}: {error.message}" for error in specification.iter_errors(document)] == []


def test_the_specification_refuses_what_is_none(document: dict[str, Any], specification: Draft7Validator) -> None:
    broken = json.loads(text(document))
    next(iter(broken["operations"].values()))["action"] = "shout"
    assert not specification.is_valid(broken)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    assert lost_references(document) == []


def test_every_parameter_of_an_address_is_described(document: dict[str, Any]) -> None:
    for channel in document["channels"].values():
        named = set(re.findall(r"{(\w+)}", channel["address"] or ""))
        assert named == set(channel.get("parameters", {})), channel["address"]


def test_every_example_is_what_its_schema_says(document: dict[str, Any]) -> None:
    for message in document["components"]["messages"].values():
        schema = {**message["payload"], "components": document["components"]}
        Draft7Validator.check_schema(schema)
        assert message["examples"], message["name"]
        for example in message["examples"]:
            Draft7Validator(schema).validate(example["payload"])
            Draft7Validator(message.get("headers", {})).validate(example.get("headers", {}))


def test_a_schema_refuses_what_is_none_of_its_messages(document: dict[str, Any]) -> None:
    for message in document["components"]["messages"].values():
        schema = {**message["payload"], "components": document["components"]}
        for example in message["examples"]:
            assert not Draft7Validator(schema).is_valid(_spoilt(example["payload"])), message["name"]


def test_every_subject_and_bucket_is_described() -> None:
    channels = write(DOCUMENTS["nats"])["channels"].values()
    told = json.dumps([[one.get("x-jetstream"), one.get("x-bucket")] for one in channels])
    addresses = [one["address"] for one in channels if one["address"]]
    for constant, value in vars(subjects).items():
        if constant in ("TELEMETRY", "DEADLETTER", "EVENTS", "RAW") or constant.endswith("_BUCKET"):
            assert f'"{value}"' in told, f"{constant} is in no channel of cli/asyncapi"
        elif constant.endswith("_ALL") or constant in ("PROBE", "REBUILD", "RECALCULATE", "RAW_RECEIVED", "REGISTRIES"):
            assert any(_covers(value, address) for address in addresses), f"{constant} is no channel of cli/asyncapi"


def _spoilt(payload: Any) -> Any:
    """An example whose first part is nothing that travels."""
    wrong = {"un": {"expected": []}}
    if isinstance(payload, dict):
        return payload | {next(iter(payload)): wrong}
    return [wrong, *payload[1:]] if isinstance(payload, list) else wrong


def _covers(subject: str, address: str) -> bool:
    """Whether an address is one of those that a subject with wildcards stands for."""
    pattern = re.escape(subject).replace(r"\*", "[^.]+").replace(">", ".+")
    return re.fullmatch(pattern, address) is not None
