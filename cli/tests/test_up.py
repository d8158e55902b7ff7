"""`andon up` as a whole, with every real process: start, use, break, stop."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from andon.common.testing.factory import MARKS, Factory
from andon.common.testing.waiting import STATE_SECONDS, eventually

pytestmark = pytest.mark.timeout(240)

PLANT = """
types:
  press: {name: Press, sensors: [{key: oil_temperature, name: Oil, unit: Cel, datatype: float, decimals: 1}]}
sites:
  - slug: berlin
    name: Berlin
    areas: [{slug: forming, name: Forming, lines: [{slug: line-1, name: Line 1, machines: [
      {slug: press-1, name: Press 1, type: press}]}]}]
rules:
  - {name: Oil hot, scope: {type: press, sensor: oil_temperature}, condition: {above: 80}, severity: high}
"""


async def andon(factory: Factory, *words: str) -> tuple[int, str]:
    """Run a command beside the factory; its exit status and what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "andon.cli", *words),
        env={**factory.environment, "COLUMNS": "200"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


def left_running(folder: Path) -> list[str]:
    """Processes that belong to a home folder."""
    mark = f"ANDON_HOME={folder}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if int(process.name) != os.getpid() and mark in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


async def test_a_factory_is_started_used_and_stopped_without_a_trace(tmp_path: Path) -> None:
    async with Factory(tmp_path) as factory:
        status, said = await andon(factory, "up", "--no-demo")
        assert status == 1
        assert "runs already" in said

        (tmp_path / "plant.yaml").write_text(PLANT)
        status, said = await andon(factory, "plant", "apply", str(tmp_path / "plant.yaml"))
        assert status == 0, said
        status, again = await andon(factory, "plant", "apply", str(tmp_path / "plant.yaml"))
        assert status == 0
        assert again != said

        status, said = await andon(factory, "status")
        assert (status, said.count("✓ ready")) == (0, 3), said
        status, said = await andon(factory, "doctor")
        assert status == 0, said
        page = await factory.http.get("/")
        assert page.status_code == 200
        assert "Andon" in page.text
    assert left_running(tmp_path) == []
    assert "Andon is running" in factory.output.read_text()
    assert (tmp_path / "admin-password").stat().st_mode & 0o777 == 0o600


async def test_every_process_that_is_killed_comes_back(tmp_path: Path) -> None:
    async with Factory(tmp_path) as factory:
        for name in ("nats", "influxdb", "ingest", "api"):
            before = factory.pid(name)
            factory.kill(name)
            await eventually(lambda name=name, before=before: factory.pid(name) != before, what=f"{name} again")
        await factory.is_ready(timeout=60)
    assert factory.output.read_text().count("was killed (SIGKILL); starts again") == 4


async def test_after_up_was_killed_nothing_is_left_and_it_starts_again(tmp_path: Path) -> None:
    async with Factory(tmp_path) as factory:
        up = factory._up
        assert up is not None
        await eventually(lambda: "shown this once" in factory.output.read_text(), what="up has said all")
        up.kill()
        up.wait()
        await eventually(lambda: left_running(tmp_path) == [], what="no child outlives it")
        await factory.start()
        status, said = await andon(factory, "down")
        assert status == 0, said
        assert up is not factory._up
    assert left_running(tmp_path) == []
    assert factory.output.read_text().count("shown this once") == 1


async def test_a_plant_file_is_tried_as_a_whole_before_any_of_it_counts(tmp_path: Path) -> None:
    file = tmp_path / "plant.yaml"
    async with Factory(tmp_path / "home") as factory:
        file.write_text(PLANT.replace("above:", "over:"))
        status, said = await andon(factory, "plant", "apply", str(file))
        assert (status, "over" in said) == (1, True), said
        file.write_text(PLANT)
        status, said = await andon(factory, "plant", "plan", str(file))
        assert (status, "nothing is changed" in said) == (0, True), said
        assert (await factory.call("GET", "/api/registry/v1/assets"))["items"] == []

        file.write_text(PLANT.replace("{type: press,", "{type: mill,"))
        status, said = await andon(factory, "plant", "apply", str(file))
        assert (status, "Rule 'Oil hot' watches no sensor" in said) == (0, True), said
        status, said = await andon(factory, "plant", "plan", str(file))
        assert (status, "Rule 'Oil hot' watches no sensor" in said) == (0, True), said

        file.write_text(PLANT.replace("oil_temperature", "oil_heat"))
        status, said = await andon(factory, "plant", "apply", str(file))
        assert (status, "type press loses oil_temperature" in said, "--yes" in said) == (1, True, True), said
        status, said = await andon(factory, "plant", "apply", "--yes", str(file))
        assert status == 0, said


async def many_values(factory: Factory) -> list[dict[str, Any]]:
    """Newest values, once more than the first few machines have sent theirs."""
    items = (await factory.call("GET", "/api/query/v1/latest"))["items"]
    assert len(items) > 50
    return items


async def test_the_demo_moves_and_tail_shows_it(tmp_path: Path) -> None:
    async with Factory(tmp_path, demo=True) as factory:
        await eventually(lambda: "Andon is running" in factory.output.read_text(), timeout=90, what="the demo runs")
        assert factory.pid("simulator")
        latest = await eventually(lambda: many_values(factory), timeout=60, what="the whole demo plant speaks")
        site = latest[0]["sensor"].split("/")[0]
        tail = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "andon.cli", "tail", "--under", site),
            env={**factory.environment, "COLUMNS": "200"},
            stdout=asyncio.subprocess.PIPE,
        )
        assert tail.stdout is not None
        seen = [(await asyncio.wait_for(tail.stdout.readline(), STATE_SECONDS)).decode() for _ in range(20)]
        tail.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(tail.wait(), STATE_SECONDS) == 130
        assert f"{site}/" in "".join(seen[1:])
        assert set(MARKS) == {name for name in MARKS if factory.pid(name)}
        rule = (await factory.call("GET", "/api/alerting/v1/rules"))["items"][0]
        await factory.call("DELETE", f"/api/alerting/v1/rules/{rule['id']}")
        await factory.stop()
        await factory.start()
        await eventually(lambda: factory.output.read_text().count("Andon is running") == 2, what="it runs again")
        rules = (await factory.call("GET", "/api/alerting/v1/rules"))["items"]
        assert rule["name"] not in [other["name"] for other in rules], "the demo's rules are the user's from then on"
    assert left_running(tmp_path) == []


async def test_the_demo_comes_to_an_andon_elsewhere(tmp_path: Path) -> None:
    async with Factory(tmp_path / "andon") as factory:
        told = {
            **os.environ,
            "ANDON_HOME": str(tmp_path / "demo"),
            "ANDON_URL": f"http://127.0.0.1:{factory.port}",
            "ANDON_ADMIN_PASSWORD": "of somebody else",
            "ANDON_SIMULATOR_BROKER": f"mqtt://127.0.0.1:{factory.mqtt_port}",
        }
        refused = await start_demo(told)
        said, _ = await refused.communicate()
        assert (refused.returncode, b"ANDON_ADMIN_PASSWORD is not good" in said) == (1, True), said

        told["ANDON_ADMIN_PASSWORD"] = (tmp_path / "andon" / "admin-password").read_text().strip()
        demo = await start_demo(told)
        await eventually(lambda: some_value(factory), timeout=60, what="readings arrive")
        demo.terminate()
        said, _ = await asyncio.wait_for(demo.communicate(), STATE_SECONDS)
        assert demo.returncode == 0, said
        rules = (await factory.call("GET", "/api/alerting/v1/rules"))["items"]
        assert rules, "its rules came along"


async def start_demo(environment: dict[str, str]) -> asyncio.subprocess.Process:
    """`andon demo`, which becomes the simulator."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "andon.cli", "demo"),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def some_value(factory: Factory) -> list[dict[str, Any]]:
    """Newest values, once there are any."""
    items: list[dict[str, Any]] = (await factory.call("GET", "/api/query/v1/latest"))["items"]
    return items
