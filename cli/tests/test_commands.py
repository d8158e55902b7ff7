"""The command as people meet it: a real process, its words and its exit status."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from andon.cli import lock
from andon.cli.__main__ import _to_its_end
from andon.cli.settings import UpSettings
from andon.common.testing.ports import free_port


def andon(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    ports = {f"ANDON_{name}".upper(): str(free_port()) for name in UpSettings().ports}  # whatever runs on this machine
    environment = {**os.environ, "ANDON_HOME": str(folder), **ports, **settings}
    command = [sys.executable, "-m", "andon.cli", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_a_taken_port_ends_up_at_once_and_leaves_the_folder_free(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
        done = andon(tmp_path, "up", ANDON_MQTT_PORT=str(number))
    assert done.returncode == 1
    assert f"Port {number} (MQTT) is taken by" in done.stderr
    assert "ANDON_MQTT_PORT=<port>" in done.stderr
    assert "Traceback" not in done.stderr
    assert lock.holder(tmp_path / "lock") == 0


def test_a_second_up_names_the_first(tmp_path: Path) -> None:
    with lock.held(tmp_path / "lock", {}):
        done = andon(tmp_path, "up")
    assert done.returncode == 1
    assert f"runs already in {tmp_path} (pid {os.getpid()})" in done.stderr


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    done = andon(tmp_path, "up", ANDON_MQTT_PORT="many")
    assert done.returncode == 1
    assert "ANDON_MQTT_PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_server_says_how_to_get_it(tmp_path: Path) -> None:
    done = andon(tmp_path, "up", ANDON_INFLUXD="/nowhere/influxd")
    assert done.returncode == 1
    assert "/nowhere/influxd" in done.stderr
    assert "ANDON_INFLUXD" in done.stderr
    assert "Traceback" not in done.stderr


def test_down_with_nothing_to_stop_is_no_error(tmp_path: Path) -> None:
    done = andon(tmp_path, "down")
    assert done.returncode == 0
    assert "does not run" in done.stdout


def test_status_of_nothing_says_so(tmp_path: Path) -> None:
    done = andon(tmp_path, "status")
    assert done.returncode == 1
    assert "does not answer" in done.stdout


def test_a_plant_cannot_be_applied_to_nothing(tmp_path: Path) -> None:
    (tmp_path / "plant.yaml").write_text("sites: []")
    (tmp_path / "admin-password").write_text("secret")
    done = andon(tmp_path, "plant", "apply", str(tmp_path / "plant.yaml"))
    assert done.returncode == 1
    assert "Andon does not answer" in done.stderr
    assert "andon up" in done.stderr


def test_the_doctor_points_at_a_secret_that_others_can_read(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "secrets").write_text("ANDON_TOKEN_SECRET=x")
    (tmp_path / "secrets").chmod(0o644)
    done = andon(tmp_path, "doctor")
    assert done.returncode == 1
    assert "can be read by others (mode 644)" in done.stdout
    assert "chmod go-rwx" in done.stdout


def test_the_doctor_finds_this_machine_well(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    done = andon(tmp_path, "doctor")
    assert done.returncode == 0, done.stdout
    assert "InfluxDB" in done.stdout
    assert "Andon can run here" in done.stdout


def test_help_names_every_command(tmp_path: Path) -> None:
    told = andon(tmp_path, "--help").stdout
    assert all(name in told for name in ("up", "down", "status", "doctor", "tail", "plant", "openapi"))


def test_a_backup_of_nothing_and_a_restore_of_nothing_say_so(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    done = andon(tmp_path / "home", "backup", str(tmp_path))
    assert (done.returncode, list((tmp_path / "home").iterdir())) == (1, [])
    assert f"There is no Andon in {tmp_path / 'home'}" in done.stderr
    done = andon(tmp_path / "home", "restore", str(tmp_path / "none.tar"))
    assert (done.returncode, list((tmp_path / "home").iterdir())) == (1, [])
    assert "none.tar cannot be read: No such file or directory" in done.stderr


def test_servers_of_ones_own_without_their_databases_are_no_whole_andon(tmp_path: Path) -> None:
    done = andon(tmp_path / "none", "backup", str(tmp_path), ANDON_NATS_PASSWORD="x")
    assert done.returncode == 1
    assert "missing: ANDON_REGISTRY_DATABASE_URL, ANDON_ALERTING_DATABASE_URL" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_sigterm_ends_a_command_in_order() -> None:
    ended = list[str]()

    async def work() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.Event().wait()
        finally:
            ended.append("taken back")

    with pytest.raises(KeyboardInterrupt):
        _to_its_end(work())
    assert ended == ["taken back"]
