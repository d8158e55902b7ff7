"""What a cluster does with the pods day by day: spreads them, scrapes them, backs them up, renews certificates."""

import os
import subprocess
from pathlib import Path

import pytest

from andon.cli.secrets import missing

from . import manifests
from .certificate import certificate
from .manifests import component, of_kind, pods, selects

HOST = "kubernetes.io/hostname"
STRICT = ["scaled", "kustomize-prod"]
"""Combinations that say DoNotSchedule."""
MONITORED = ["ingress", "scaled"]
"""Those where the cluster has Prometheus' operator."""


@pytest.mark.parametrize("name", manifests.EVERYTHING)
def test_pods_of_one_kind_are_spread_over_nodes_that_they_can_run_on(name: str) -> None:
    spread = 0
    for who, pod in pods(name).items():
        for rule in pod["spec"].get("topologySpreadConstraints", []):
            assert selects(rule["labelSelector"]["matchLabels"], pod), who
            assert rule["nodeTaintsPolicy"] == "Honor", who  # else a control plane's node counts as an empty one
            # While a Deployment is updated, old pods must not count: the new ones would find no node.
            assert rule.get("matchLabelKeys", []) == (["pod-template-hash"] if who.startswith("Deployment/") else [])
            spread += 1
    assert spread or name in {"edge", "kustomize-dev", "kustomize-edge"}


@pytest.mark.parametrize("name", STRICT)
def test_no_two_nodes_of_nats_server_share_a_node_where_that_is_asked_for(name: str) -> None:
    """An even spread is not enough: three on two nodes are even, and the wrong node takes the majority with it."""
    (nats,) = [one for one in of_kind(name, "StatefulSet") if component(one) == "nats"]
    (rule,) = [
        one for one in nats["spec"]["template"]["spec"]["topologySpreadConstraints"] if one["topologyKey"] == HOST
    ]
    assert rule["whenUnsatisfiable"] == "DoNotSchedule"
    assert rule["minDomains"] == nats["spec"]["replicas"]
    assert rule["maxSkew"] == 1


@pytest.mark.parametrize("name", MONITORED)
def test_prometheus_may_reach_what_it_scrapes_and_nothing_else(name: str) -> None:
    services = of_kind(name, "Service")
    scraped = set[tuple[str, int]]()
    for monitor in of_kind(name, "ServiceMonitor"):
        for service in services:
            labels = service["metadata"]["labels"]
            if _matches(monitor["spec"]["selector"], labels):
                (port,) = [
                    one["port"]
                    for one in service["spec"]["ports"]
                    if one["name"] == monitor["spec"]["endpoints"][0]["port"]
                ]
                scraped.add((component(service), port))
    prometheus = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}
    opened = {
        (component(policy), port["port"])
        for policy in of_kind(name, "NetworkPolicy")
        for rule in policy["spec"].get("ingress", [])
        if prometheus in rule.get("from", [])
        for port in rule["ports"]
    }
    assert opened == scraped
    assert len(scraped) == 7


def test_grafana_is_scraped_below_its_own_path() -> None:
    """It redirects everything else to the address of people, and Prometheus would follow."""
    (monitor,) = [one for one in of_kind("ingress", "ServiceMonitor") if one["metadata"]["name"] == "andon-grafana"]
    (endpoint,) = monitor["spec"]["endpoints"]
    assert endpoint["path"] == "/grafana/metrics"
    (config,) = [one for one in of_kind("ingress", "ConfigMap") if one["metadata"]["name"] == "andon-grafana"]
    assert "serve_from_sub_path = true" in config["data"]["grafana.ini"]


def test_the_log_of_helm_test_can_be_read_when_it_has_succeeded() -> None:
    (pod,) = of_kind("default", "Pod")
    assert pod["metadata"]["annotations"]["helm.sh/hook-delete-policy"] == "before-hook-creation"


def test_helm_leaves_none_of_the_rights_that_the_job_of_the_secrets_needs() -> None:
    """Helm deletes them when all hooks have succeeded, and no sooner; of an uninstall hooks know nothing."""
    hooks = [one for one in manifests.objects("default") if "helm.sh/hook" in one["metadata"].get("annotations", {})]
    rights = [one for one in hooks if component(one) == "secrets"]
    assert {one["kind"] for one in rights} == {"ServiceAccount", "Role", "RoleBinding", "NetworkPolicy", "Job"}
    for one in rights:
        policy = one["metadata"]["annotations"]["helm.sh/hook-delete-policy"]
        assert policy == "before-hook-creation,hook-succeeded", one["kind"]
    weights = {one["kind"]: int(one["metadata"]["annotations"]["helm.sh/hook-weight"]) for one in rights}
    assert max(weights, key=lambda kind: weights[kind]) == "Job"


def test_the_brokers_certificate_is_valid_for_every_name_that_ingest_connects_to(tmp_path: Path) -> None:
    """As OpenSSL sees it, which takes no wildcard above a name with a single dot."""
    (wanted,) = of_kind("scaled", "Certificate")
    certificate(tmp_path, *wanted["spec"]["dnsNames"])
    urls = manifests.settings("scaled")["ANDON_INGEST_MQTT_URL"].split(",")
    assert len(urls) == 5
    for host in [*(one.removeprefix("mqtts://").rpartition(":")[0] for one in urls), "mqtt.example.com", "andon-mqtt"]:
        asked = ["openssl", "x509", "-in", str(tmp_path / "tls.crt"), "-noout", "-checkhost", host]
        told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
        assert "does match certificate" in told, told


@pytest.mark.parametrize("name", ["ingress", "external", "broker", "kustomize-prod"])
def test_a_backup_is_made_of_what_there_is_and_one_at_a_time(name: str) -> None:
    (job,) = of_kind(name, "CronJob")
    assert job["spec"]["concurrencyPolicy"] == "Forbid"
    spec = pods(name)["CronJob/andon-backup"]["spec"]
    assert spec["restartPolicy"] == "Never"
    env = {one["name"]: one for one in spec["containers"][0]["env"]}
    for needed in (
        "ANDON_NATS_PASSWORD",
        "ANDON_SYS_PASSWORD",
        "ANDON_REGISTRY_DATABASE_URL",
        "ANDON_ALERTING_DATABASE_URL",
    ):
        assert needed in env
    assert len(env.keys() & {"ANDON_INFLUX_PASSWORD", "ANDON_INFLUX_TOKEN"}) == 1  # a token goes before a password
    kept = {one for one in missing({}) if one.startswith(("ANDON_AUTH_", "ANDON_TOKEN_", "ANDON_INTAKE_"))}
    assert kept <= env.keys()
    volumes = {one["name"]: one for one in spec["volumes"]}
    claim = volumes["backups"]["persistentVolumeClaim"]["claimName"]
    made = {one["metadata"]["name"] for one in of_kind(name, "PersistentVolumeClaim")}
    assert (claim in made) is (name != "external")


def test_who_asks_for_no_backup_gets_none() -> None:
    assert not of_kind("default", "CronJob")
    assert "backup" not in {component(one) for one in manifests.objects("default")}


def test_influxdb_starts_with_no_index_that_was_cut_off(tmp_path: Path) -> None:
    (workload,) = [one for one in of_kind("default", "StatefulSet") if component(one) == "influxdb"]
    (container,) = workload["spec"]["template"]["spec"]["containers"]
    assert container["command"] == ["sh", "-c", "sh /mend/mend.sh; exec /entrypoint.sh influxd"]
    shards = {name: tmp_path / "andon" / "a policy" / name for name in ("1", "2", "3")}
    (shards["2"] / "index" / "1").mkdir(parents=True)
    (shards["2"] / "index" / "1" / "MANIFEST").touch()
    for shard, text in zip(shards.values(), ('{\n  "Version": 1\n}\n', "", '{\n  "Ver'), strict=True):
        (shard / "index" / "0").mkdir(parents=True)
        (shard / "index" / "0" / "MANIFEST").write_text(text)
        (shard / "fields.idx").touch()
        (shard / "000000001-000000001.tsm").touch()
    (config,) = [one for one in of_kind("default", "ConfigMap") if one["metadata"]["name"] == "andon-influxdb"]
    env = os.environ | {"INFLUXDB_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        ["/bin/sh"], input=config["data"]["mend.sh"], env=env, capture_output=True, text=True, check=True
    )
    assert len(done.stdout.splitlines()) == 2, "one for each shard"
    assert not done.stderr
    left = {name: {one.name for one in shard.iterdir()} for name, shard in shards.items()}
    values = "000000001-000000001.tsm"
    assert left == {"1": {"index", "fields.idx", values}, "2": {values}, "3": {values}}


def test_grafana_reads_influxdb_as_somebody_who_cannot_write() -> None:
    """Whoever sees Grafana can send what they like to its data source."""
    for name in manifests.EVERYTHING:
        writes = _influx(name, {"ingest", "query", "derive", "alerting"})
        reads = _influx(name, {"grafana"})
        assert writes
        assert not reads & writes, name


def _influx(name: str, parts: set[str]) -> set[tuple[str, str]]:
    """Secret and key with which some parts come to InfluxDB."""
    found = set[tuple[str, str]]()
    for pod in pods(name).values():
        if component(pod) in parts:
            for variable in pod["spec"]["containers"][0]["env"]:
                if variable["name"] in {"ANDON_INFLUX_PASSWORD", "ANDON_INFLUX_TOKEN"}:
                    source = variable["valueFrom"]["secretKeyRef"]
                    found.add((source["name"], source["key"]))
    return found


def _matches(selector: manifests.Object, labels: dict[str, str]) -> bool:
    for one in selector.get("matchExpressions", []):
        value = labels.get(one["key"])
        if one["operator"] == "In" and value not in one["values"]:
            return False
        if one["operator"] == "DoesNotExist" and value is not None:
            return False
    return bool(selector["matchLabels"].items() <= labels.items())
