"""Years of history from elsewhere: looked at, imported, exported, imported again; live values go on meanwhile."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator
from pathlib import Path
from time import time_ns
from typing import Any

import pytest
import pytest_asyncio

from andon.common.testing.factory import Credential, Factory
from andon.common.testing.waiting import eventually

from .conftest import PLANT, PRESS

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]

IMPORTS, EXPORT, LEDGER = "/api/ingest/v1/imports", "/api/query/v1/export", "/api/ingest/v1/ledger"
TRACE = "/api/ingest/v1/trace"
OTHER = PRESS.replace("press-1", "press-2")
ROWS = 2000
BEGIN_MS = 1_500_000_000_000
"""In the year 2017."""
STATES = ("RUN", "STOP", '=HYPERLINK("x")', "a,b", "line\nbreak", "'quoted")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def factory(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Factory]:
    async with Factory(tmp_path_factory.mktemp("andon")) as started:
        await started.apply_plant(PLANT)

        async def knows_the_plant() -> bool:
            one = f"time,{PRESS}/number,{PRESS}/state\n{BEGIN_MS},1,RUN".encode()
            return (await imported(started, one, dry_run="true"))["samples"] == 2

        await eventually(knows_the_plant)
        yield started


def old_file() -> str:
    """What another system exported: local times, semicolons, decimal commas."""
    clocks = (f"14.07.2017 04:{row // 60:02d}:{row % 60:02d}" for row in range(ROWS))
    rows = (f"{clock};{row // 8},{row % 8 * 125:03d};{row}" for row, clock in enumerate(clocks))
    return "\n".join(["Zeit;oil_temperature;number", *rows])


async def andon(factory: Factory, *words: str) -> tuple[int, str]:
    """The command, with what it says."""
    command = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "andon.cli", *words), env=factory.environment, stdout=PIPE, stderr=STDOUT, stdin=PIPE
    )
    said, _ = await command.communicate()
    return command.returncode or 0, said.decode()


async def imported(factory: Factory, content: bytes, **params: str) -> dict[str, Any]:
    """An import at its end."""
    job = await factory.call("POST", IMPORTS, content=content, params=params)

    async def ended() -> dict[str, Any] | None:
        found: dict[str, Any] = await factory.call("GET", f"{IMPORTS}/{job['id']}")
        return found if found["state"] not in ("waiting", "running") else None

    done: dict[str, Any] = await eventually(ended, timeout=60)
    return done


async def exported(factory: Factory, **params: str) -> bytes:
    """The press's history of 2017."""
    range_ = {"from": str(BEGIN_MS - 10**7), "to": str(BEGIN_MS + 10**7), "under": PRESS}
    answer = await factory.http.get(EXPORT, params={**range_, **params})
    assert answer.status_code == 200, answer.text
    return answer.content


async def test_the_command_looks_first_and_imports_then(factory: Factory, tmp_path: Path) -> None:
    file, refused = tmp_path / "old.csv", tmp_path / "refused.csv"
    file.write_text(old_file() + "\n14.07.2017 05:00:00;hot;1")
    how = ("--asset", PRESS, "--tz", "Europe/Berlin", "--time-format", "%d.%m.%Y %H:%M:%S")
    status, said = await andon(factory, "import", str(file), *how, "--refused", str(refused), "--dry-run")
    assert (status, "4,001 samples can be used" in said) == (0, True), said
    assert f"row {ROWS + 2}, oil_temperature: expected a number, got 'hot'" in said
    assert refused.read_text().count("\n") == 2
    status, said = await andon(factory, "import", str(file), *how)
    assert (status, "Nothing is imported. Add --yes" in said) == (0, True), said
    assert (await exported(factory)).count(b"\n") == 1, "the header alone"
    status, said = await andon(factory, "import", str(file), *how, "--yes")
    assert (status, "4,001 samples are imported, and stored" in said) == (0, True), said
    lines = (await exported(factory)).decode().splitlines()
    assert len(lines) == ROWS + 2
    assert lines[9].startswith("2017-07-14T02:00:08.000Z,")

    async def traced() -> dict[str, Any] | None:
        asked = {"sensor": f"{PRESS}/number", "ts": "2017-07-14T02:00:08.000Z"}
        items = (await factory.call("GET", TRACE, params=asked))["items"]
        return items[0] if items else None

    origin = await eventually(traced)
    assert (origin["source"], origin["by"]) == ("import", "admin")
    assert "old.csv" in origin["topic"] + origin["rule"], "a value leads to the file it came from"


async def test_what_is_exported_is_imported_as_it_is(factory: Factory) -> None:
    states = [state.replace('"', '""') for state in STATES]
    rows = [f'{BEGIN_MS + n},{n / 7},{n},"{states[n % len(states)]}"' for n in range(ROWS)]
    header = f"time,{OTHER}/oil_temperature,{OTHER}/number,{OTHER}/state"
    done = await imported(factory, "\n".join([header, *rows]).encode())
    assert (done["state"], done["samples"], done["refused"]) == ("done", 3 * ROWS, {})
    before = await exported(factory, under=OTHER)
    assert before.count(b"\r\n") == ROWS + 1
    for params in (
        {"format": "csv"},
        {"format": "csv", "layout": "long"},
        {"format": "csv", "tz": "Europe/Berlin"},
        {"format": "xlsx"},
        {"format": "xlsx", "tz": "Asia/Tokyo"},
        {"format": "parquet"},
        {"format": "parquet", "layout": "long"},
    ):
        done = await imported(factory, await exported(factory, under=OTHER, **params))
        assert (done["state"], done["refused"], done["detail"]) == ("done", {}, ""), params
        assert (done["samples"], done["report"]["unknown"]) == (3 * ROWS, []), params
        assert await exported(factory, under=OTHER) == before, params


async def alarms(factory: Factory) -> list[Any]:
    found: list[Any] = (await factory.call("GET", "/api/alerting/v1/alarms", params={"under": PRESS}))["items"]
    return found


async def test_what_is_live_goes_on_and_nothing_is_unexplained(factory: Factory, device: Credential) -> None:
    scope, condition = {"sensor": f"{PRESS}/oil_temperature"}, {"above": 80}
    rule = {"name": "Oil hot", "scope": scope, "condition": condition, "severity": "high", "channels": []}
    await factory.call("POST", "/api/alerting/v1/rules", json=rule)
    rows = b"".join(b"%d,%d,%d\n" % (BEGIN_MS + 10**8 + n * 10, n, n) for n in range(200_000))
    content = b"time,oil_temperature,number\n" + rows
    job = await factory.call("POST", IMPORTS, content=content, params={"asset": PRESS})
    said, running = time_ns() // 10**6, True
    async with factory.device(device) as press:
        while running:
            said += 1
            await press.publish(f"factory/{PRESS}", json.dumps({"ts": said, "values": {"number": said}}), qos=1)

            async def seen(wanted: int = said) -> bool:
                latest = await factory.call("GET", "/api/query/v1/latest", params={"under": PRESS})
                return any(one["ts"] == wanted for one in latest["items"] if one["sensor"].endswith("/number"))

            await eventually(seen)
            running = (await factory.call("GET", f"{IMPORTS}/{job['id']}"))["state"] in ("waiting", "running")
    done = await factory.call("GET", f"{IMPORTS}/{job['id']}")
    assert (done["state"], done["samples"]) == ("done", 400_000)

    async def balanced() -> bool:
        ledger = await factory.call("GET", LEDGER)
        return bool(ledger["balanced"] and not ledger["batches_waiting"] and not ledger["unexplained"])

    await eventually(balanced)
    assert await alarms(factory) == [], "nobody is called about what was years ago"
    async with factory.device(device) as press:
        await press.publish(f"factory/{PRESS}", json.dumps({"values": {"oil_temperature": 95}}), qos=1)
    await eventually(lambda: alarms(factory))
