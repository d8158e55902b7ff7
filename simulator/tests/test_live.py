"""`python -m andon.simulator run` as people start it: history first, then now, faults on demand, and a clean stop."""

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import time
from typing import Any

import pytest

from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.waiting import STATE_SECONDS, eventually
from andon.simulator.live import BACKFILL_STEP, RECENT_SECONDS

ROBOT = "factory/berlin/painting/line-1/robot-3"


@pytest.fixture
def command(tmp_path: Path, broker: NatsForTest) -> Callable[..., subprocess.Popen[str]]:
    environment = {
        **os.environ,
        "ANDON_HOME": str(tmp_path / "home"),
        "ANDON_SIMULATOR_BROKER": f"mqtt://127.0.0.1:{broker.mqtt_port}",
        "ANDON_LOG_FORMAT": "console",
    }

    def start(*words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "andon.simulator", *words],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    return start


def stop(process: subprocess.Popen[str], which: signal.Signals = signal.SIGTERM) -> str:
    process.send_signal(which)
    output, _ = process.communicate(timeout=STATE_SECONDS)
    assert process.returncode == 0, output
    return output


async def test_a_first_start_shows_history_then_now_and_stops_in_order(
    hear: Callable[[], Any], command: Callable[..., Any], tmp_path: Path
) -> None:
    async with hear() as messages:
        simulator = command("run", "--backfill", "20m", "--rate", "5")
        await eventually(lambda: sum(isinstance(m, dict) for t, m in messages if t == ROBOT) > 10, timeout=40)
        assert "stopped" in stop(simulator)
    history = [r for t, m in messages if t == ROBOT and isinstance(m, list) for r in m]
    live = [m for t, m in messages if t == ROBOT and isinstance(m, dict)]
    steps = [b["ts"] - a["ts"] for a, b in itertools.pairwise(history)]
    assert len(history) == RECENT_SECONDS + 300 / BACKFILL_STEP
    assert steps == sorted(steps, reverse=True), "coarse first, then as fine as live"
    assert set(steps[:29]) == {10_000}
    assert set(steps[30:]) == {1_000}
    assert history[-1]["ts"] < live[0]["ts"]
    assert abs(live[-1]["ts"] / 1000 - time()) < 20
    assert {"state", "torque", "motor_current"} <= live[0]["values"].keys()
    assert len({t for t, _ in messages}) == 32


async def test_a_second_start_sends_only_the_history_that_is_missing(
    hear: Callable[[], Any], command: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "simulator-until").write_text(f"{time() - 120:.0f}\n")
    async with hear() as messages:
        simulator = command("run", "--backfill", "10m")
        await eventually(lambda: any(isinstance(m, dict) for _, m in messages), timeout=40)
        stop(simulator, signal.SIGINT)
    assert len([r for t, m in messages if t == ROBOT and isinstance(m, list) for r in m]) <= 130


async def test_a_fault_on_demand_is_carried_out(hear: Callable[[], Any], command: Callable[..., Any]) -> None:
    async with hear() as messages:
        simulator = command("run", "--rate", "10")
        await eventually(lambda: messages, timeout=40)
        ordered = command("fault", "berlin/painting/line-1/robot-3/torque", "spike", "--for", "30s", "--to", "999")
        said, _ = ordered.communicate(timeout=STATE_SECONDS)
        assert ordered.returncode == 0, said
        await eventually(lambda: any(t == ROBOT and m["values"]["torque"] > 900 for t, m in messages))
        stop(simulator)


async def test_the_simulator_starts_before_its_broker(
    broker: NatsForTest, hear: Callable[[], Any], command: Callable[..., Any]
) -> None:
    broker.process.kill()
    simulator = command("run")
    assert simulator.stdout is not None
    assert "away" in simulator.stdout.readline()
    broker.process.start()
    async with hear() as messages:
        await eventually(lambda: messages, timeout=40)
    stop(simulator)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["fault", "berlin/painting/line-1/robot3", "drop-out"], "robot-3"),
        (["fault", "berlin/painting/line-1/robot-3", "drop-out"], "no simulator runs"),
        (["fault", "berlin/painting/line-1/robot-3", "drift"], "name one"),
        (["fault", "berlin/painting/line-1/robot-3/state", "drift"], "is no number"),
        (["run", "--broker", "http://here"], "mqtt://host:port"),
        (["run", "--plant", "/nowhere.yaml"], "/nowhere.yaml"),
        (["run", "--backfill", "long"], "no duration"),
        (["run", "--password-file", "/nowhere"], "Name a readable file"),
    ],
)
def test_a_wrong_command_is_answered_with_a_sentence(
    command: Callable[..., subprocess.Popen[str]], words: list[str], sentence: str
) -> None:
    process = command(*words)
    said, _ = process.communicate(timeout=STATE_SECONDS)
    assert process.returncode == 2
    assert sentence in said
    assert "Traceback" not in said
