"""A taken port is named, with its owner and the setting that moves ours."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from pwd import getpwuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.cli import ports
from andon.cli.ports import Port, is_free, listeners, owner, require_free, unit_of, wanted
from andon.cli.settings import UpSettings
from andon.common.errors import SetupError
from andon.common.testing.ports import free_port


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_names_port_owner_and_setting(taken: int) -> None:
    with pytest.raises(SetupError) as told:
        require_free([Port("MQTT", "127.0.0.1", taken, "ANDON_MQTT_PORT")])
    assert f"Port {taken} (MQTT) is taken by" in str(told.value)
    assert f"(pid {os.getpid()})" in str(told.value)
    assert "ANDON_MQTT_PORT=<port>" in told.value.hint


def test_all_taken_ports_are_told_at_once(taken: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        number = other.getsockname()[1]
        with pytest.raises(SetupError) as told:
            require_free([Port("NATS", "127.0.0.1", taken, "A"), Port("InfluxDB", "127.0.0.1", number, "B")])
    assert str(taken) in str(told.value)
    assert str(number) in str(told.value)


def test_a_server_on_loopback_is_in_the_way_of_one_on_every_address(taken: int) -> None:
    assert not is_free(Port("web pages and API", "0.0.0.0", taken, "ANDON_PORT"))


def test_a_port_whose_last_connection_has_just_ended_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", number))
        accepted, _ = server.accept()
        accepted.close()
        client.close()
    assert is_free(Port("MQTT", "127.0.0.1", number, "ANDON_MQTT_PORT"))


def test_two_settings_may_not_name_the_same_port() -> None:
    number = free_port()
    with pytest.raises(SetupError, match="asked for twice") as told:
        require_free([Port("NATS", "127.0.0.1", number, "A"), Port("MQTT", "127.0.0.1", number, "B")])
    assert told.value.hint == "Give A and B different ports."


def test_an_address_that_is_not_ours_is_told() -> None:
    with pytest.raises(SetupError, match="no address"):
        is_free(Port("MQTT", "203.0.113.1", free_port(), "ANDON_MQTT_PORT"))


def test_servers_that_run_elsewhere_need_no_port() -> None:
    ours = wanted(UpSettings(nats_url="nats://hall:4222", influx_url="http://hall:8086"))
    assert [port.setting for port in ours] == ["ANDON_PORT", "ANDON_INGEST_PORT", "ANDON_DERIVE_PORT"]


def test_a_free_port_has_no_owner() -> None:
    assert owner(free_port()) == ""


@given(st.integers(1, 65535), st.integers(1, 10**9), st.integers(0, 65535))
def test_listeners_are_read_from_the_kernels_table(number: int, inode: int, user: int) -> None:
    line = f"   0: 0100007F:{number:04X} 00000000:0000 {{}} 00000000:00000000 00:00000000 00000000 {user} 0 {inode} 1"
    assert listeners("header\n" + line.format("0A"), number) == {str(inode): user}
    assert listeners("header\n" + line.format("01"), number) == {}


def test_a_program_whose_open_files_are_hidden_is_told_by_its_user(
    taken: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "tcp").write_text(Path("/proc/net/tcp").read_text())
    monkeypatch.setattr(ports, "PROC", tmp_path)
    assert owner(taken) == f"a program of user {getpwuid(os.getuid()).pw_name}"


@pytest.mark.parametrize(
    ("cgroup", "unit"),
    [
        ("0::/system.slice/influxdb.service\n", "influxdb.service"),
        ("0::/user.slice/user-1000.slice/user@1000.service/app.slice/term.scope\n", ""),
        ("0::/\n", ""),
    ],
)
def test_a_service_of_systemd_is_told_by_its_name(cgroup: str, unit: str) -> None:
    assert unit_of(cgroup) == unit


def test_an_influxdb_in_the_way_may_be_used(taken: int) -> None:
    with pytest.raises(SetupError) as told:
        require_free([Port("InfluxDB", "127.0.0.1", taken, "ANDON_INFLUX_PORT")])
    assert f"ANDON_INFLUX_URL=http://127.0.0.1:{taken}" in told.value.hint
