"""compose and the chart are two ways to the same thing: images, users, secrets, paths, who talks to whom."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from tests.production.proxy import routes

from andon.cli.secrets import missing
from andon.common import topics
from andon.common.servers.process import find_program

from . import manifests
from .certificate import certificate
from .compositions import FOLDER, asked, filled, load, mounts, place, services
from .manifests import component, containers, of_kind, pods

APART = {
    "registry": {"ANDON_ADMIN_PASSWORD"},  # the chart gives it as a file
    "grafana": {"ANDON_GRAFANA_JWKS"},
}
CLUSTER = {"ANDON_NATS_ROUTE_PASSWORD"}
"""What one node does not need."""
PODS = {component(pod): pod for who, pod in pods("default").items() if who.startswith(("Deployment/", "StatefulSet/"))}


def test_all_that_the_chart_runs_is_run() -> None:
    assert services().keys() - PODS.keys() == {"proxy", "demo", "backup", "volumes"}
    assert PODS.keys() - services().keys() == set()


@pytest.mark.parametrize("who", PODS)
def test_image_user_and_bounds_are_the_charts(who: str) -> None:
    ours, pod = services()[who], PODS[who]
    first = containers(pod)[0]
    assert filled(ours["image"], {}).split("@")[0] == first["image"].split("@")[0]
    user = pod["spec"]["securityContext"]["runAsUser"]
    assert ours["user"] == f"{user}:{user}"
    assert ours["mem_limit"].replace("m", "Mi").replace("g", "Gi") == first["resources"]["limits"]["memory"]
    grace = pod["spec"]["terminationGracePeriodSeconds"]
    assert ours.get("stop_grace_period", "30s") == f"{grace}s" or who == "grafana"


@pytest.mark.parametrize("who", PODS)
def test_each_gets_the_secrets_that_it_gets_from_the_chart(who: str) -> None:
    env = [one for container in containers(PODS[who]) for one in container.get("env", [])]
    keys = {one["valueFrom"]["secretKeyRef"]["key"] for one in env if "secretKeyRef" in one.get("valueFrom", {})}
    assert asked(services()[who]) == keys - CLUSTER | APART.get(who, set())


@pytest.mark.parametrize("who", PODS)
def test_health_is_asked_at_the_port_that_is_listened_at(who: str) -> None:
    ports = {one["containerPort"] for one in containers(PODS[who])[0]["ports"]}
    asked_at = {int(port) for port in re.findall(r":(\d{4})/", " ".join(services()[who]["healthcheck"]["test"]))}
    assert asked_at <= ports
    assert asked_at or "pg_isready" in services()[who]["healthcheck"]["test"]


def test_who_talks_to_whom_shares_a_network_and_no_one_else_reaches_a_server() -> None:
    nets = {who: set(one.get("networks", [])) for who, one in services().items()}
    flows = _flows()
    for one, other in flows:
        assert nets[one] & nets[other], (one, other)
    for server in ("influxdb", "postgresql"):
        near = {who for who in nets if nets[who] & nets[server]} - {server, "backup"}
        assert near == {one for one, other in flows if other == server}
    assert {who for who in nets if "grafana" in nets[who]} == {"grafana", "registry"}


def _flows() -> set[tuple[str, str]]:
    found = set()
    for policy in of_kind("default", "NetworkPolicy"):
        for rule in policy["spec"].get("egress", []):
            for peer in rule.get("to", []):
                if other := peer.get("podSelector", {}).get("matchLabels", {}).get("app.kubernetes.io/component"):
                    found.add((component(policy), other))
    return {(one, other) for one, other in found if {one, other} <= PODS.keys() and one != other}


def test_paths_are_those_of_the_ingress() -> None:
    config = (FOLDER / "nginx" / "nginx.conf").read_text()
    found = dict(re.findall(r"~\^(\S+)\(/\|\$\) +(\S+);", config)) | dict(
        re.findall(r"default +/?()(\w+:\d+);", config)
    )
    ports = {who: containers(pod)[0]["ports"][0]["containerPort"] for who, pod in PODS.items()}
    expected = {path.removesuffix("/"): f"{who}:{ports[who]}" for path, who in routes().items()}
    assert found == expected


@pytest.mark.parametrize("listening", ["http.conf", "tls.conf"])
def test_nginx_takes_its_configuration(listening: str, tmp_path: Path) -> None:
    folder = FOLDER / "nginx"
    around = (folder / "around.conf.template").read_text()
    given = {"NGINX_LOCAL_RESOLVERS": "127.0.0.11", "ANDON_TRUSTED_PROXY": "172.16.0.0/12"}
    (tmp_path / "around.conf").write_text(re.sub(r"\$\{(\w+)\}", lambda one: given[one[1]], around))
    listen = (folder / listening).read_text().replace("/etc/nginx/tls", str(tmp_path))
    (tmp_path / "listen.conf").write_text(listen)
    config = (folder / "nginx.conf").read_text().replace("/tmp/", f"{tmp_path}/")  # noqa: S108 - the container's
    (tmp_path / "nginx.conf").write_text(config.replace("/etc/nginx/", f"{tmp_path}/"))
    if "ssl" in listen:
        certificate(tmp_path)
    command = [find_program("nginx", "ANDON_NGINX"), "-t", "-e", "stderr", "-p", str(tmp_path), "-c", "nginx.conf"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


def test_nats_server_takes_its_configuration(tmp_path: Path) -> None:
    service = services()["nats"]
    env = {name: filled(value, missing({})) for name, value in service["environment"].items()}
    assert env["ANDON_NATS_WINDOW"] == str(topics.window(1))
    env["ANDON_NATS_STORE"] = str(tmp_path)
    [source] = [source for source, target, _ in mounts(service) if target == "/etc/nats/nats.conf"]
    command = [find_program("nats-server", "ANDON_NATS_SERVER"), "-t", "-c", str(place(source))]
    done = subprocess.run(command, env=os.environ | env, capture_output=True, text=True, check=False)
    # The one thing it has to say: of a field that it does not need any more, and by which it is seen to have read on.
    assert "consumer_replicas" in done.stderr
    said = [line for line in done.stderr.splitlines() if line.strip() and "consumer_replicas" not in line]
    assert not [line for line in said if "is valid" not in line]


@pytest.mark.parametrize(("server", "file"), [("influxdb", "read.sh"), ("postgresql", "andon.sh")])
def test_what_fills_an_empty_volume_is_the_charts(server: str, file: str) -> None:
    [config] = manifests.render({})[f"{server}/configmap.yaml"]
    ours = [line for line in (FOLDER / server / file).read_text().splitlines() if not line.startswith("#")]
    assert ours == config["data"][file].strip().splitlines()


def test_what_a_kill_cut_off_is_mended_before_influxdb_starts() -> None:
    service = services()["influxdb"]
    there = {target: place(source) for source, target, _ in mounts(service)}
    [first, then] = service["command"][0].split("; ")
    assert there[first.removeprefix("sh ")].name == "mend.sh"
    assert then == "exec /entrypoint.sh influxd"


def test_grafana_finds_its_files_where_it_looks() -> None:
    there = {target: place(source) for source, target, _ in mounts(services()["grafana"]) if source.startswith(".")}
    settings = there["/etc/grafana/grafana.ini"].read_text()
    for name in re.findall(r"\$__env\{(\w+)\}", settings):
        assert name in services()["grafana"]["environment"]
    provisioned = "/etc/grafana/provisioning"
    for file in there[f"{provisioned}/datasources/influxdb.yaml"].read_text().splitlines():
        for name in re.findall(r"\$\{?(ANDON_\w+?)(?:\}|$|_1[mh])", file):
            assert name in services()["grafana"]["environment"], file
    providers = yaml.safe_load(there[f"{provisioned}/dashboards/andon.yaml"].read_text())["providers"]
    looked = {one["options"]["path"] for one in providers}
    assert looked - {"/etc/grafana/dashboards/prometheus"} <= there.keys()
    assert load("compose.yaml")["services"]["registry"]["environment"]["ANDON_REGISTRY_GRAFANA_URL"].endswith(":3000")


def test_prometheus_asks_each_service_at_its_port() -> None:
    config = yaml.safe_load((FOLDER / "prometheus.yaml").read_text())
    found = {one["job_name"]: one["dns_sd_configs"] for one in config["scrape_configs"] if "dns_sd_configs" in one}
    watched = {who for who in PODS if who in {"ingest", "registry", "query", "alerting", "derive"}}
    assert found.keys() == {f"andon-{who}" for who in watched}
    for who in watched:
        [asks] = found[f"andon-{who}"]
        assert asks["names"] == [who]
        assert asks["port"] == containers(PODS[who])[0]["ports"][0]["containerPort"]
    nets = set(services("watch.yaml")["prometheus"]["networks"])
    assert all(nets & set(services()[who]["networks"]) for who in watched)
