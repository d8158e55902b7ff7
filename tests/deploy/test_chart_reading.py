"""`helm test`: what its pod does is done to an Andon that runs here."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from andon.common.testing.factory import Factory

from .manifests import CHART

pytestmark = pytest.mark.asyncio(loop_scope="module")
SCRIPT = CHART / "files" / "send_a_reading.py"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def factory(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Factory]:
    """A whole Andon."""
    async with Factory(tmp_path_factory.mktemp("factory")) as made:
        yield made


async def test_one_reading_by_http_and_one_by_mqtt_come_back_and_nothing_is_left(factory: Factory) -> None:
    kept = dict(line.split("=", 1) for line in (Path(factory.folder) / "secrets").read_text().splitlines())
    url = f"http://127.0.0.1:{factory.port}"
    env = {"REGISTRY_URL": url, "INGEST_URL": url, "QUERY_URL": url, "ANDON_TOKEN_SECRET": kept["ANDON_TOKEN_SECRET"]}
    env["MQTT_URL"] = f"mqtt://127.0.0.1:{factory.mqtt_port}"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(SCRIPT),
        env=os.environ | env,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told = (await process.communicate())[0].decode()
    assert process.returncode == 0, told
    assert "found by_http" in told
    assert "found by_mqtt" in told
    left = await factory.call("GET", "/api/registry/v1/assets", params={"q": "helm-test"})
    assert left["items"] == []
