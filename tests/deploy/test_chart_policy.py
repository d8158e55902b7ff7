"""What a cluster may ask of every pod: restricted, bounded, probed, apart, and given no more than it needs."""

import re

import pytest

from andon.alerting.settings import AlertingSettings
from andon.cli.secrets import missing
from andon.cli.web import WebSettings
from andon.common import settings as common
from andon.ingest.settings import IngestSettings, IntakeSettings
from andon.query.derive.settings import DeriveSettings
from andon.query.settings import QuerySettings
from andon.registry.settings import AuthSettings, RegistrySettings, SystemSettings

from . import manifests
from .manifests import EVERYTHING, containers, of_kind, pods, selects

CLASSES = (
    common.NatsSettings,
    common.InfluxSettings,
    common.ProxySettings,
    common.InstanceSettings,
    common.TokenSettings,
    IngestSettings,
    IntakeSettings,
    RegistrySettings,
    AuthSettings,
    SystemSettings,
    QuerySettings,
    DeriveSettings,
    AlertingSettings,
    WebSettings,
)
KNOWN = {f"{cls.model_config['env_prefix']}{name}".upper() for cls in CLASSES for name in cls.model_fields} | {
    "ANDON_LOG_LEVEL",
    "ANDON_LOG_FORMAT",
}
"""Every variable that a service reads."""
ONCE = ("Job/", "CronJob/", "Pod/")
"""What ends by itself: nobody asks it whether it is ready."""
OWN = {"ingest", "registry", "query", "derive", "alerting", "web"}
RESTRICTED = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_pod_is_restricted(name: str) -> None:
    assert pods(name)
    for who, pod in pods(name).items():
        spec = pod["spec"]
        security = spec["securityContext"]
        assert security["runAsNonRoot"] is True, who
        assert security["runAsUser"] > 0, who
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}, who
        assert spec["enableServiceLinks"] is False, who
        assert spec["automountServiceAccountToken"] is (who == "Job/andon-secrets"), who
        assert not any(spec.get(shared) for shared in ("hostNetwork", "hostPID", "hostIPC")), who
        for container in containers(pod):
            assert container["securityContext"] == RESTRICTED, who
        for volume in spec.get("volumes", []):
            assert "hostPath" not in volume, who


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_container_is_bounded_and_its_image_is_named(name: str) -> None:
    for who, pod in pods(name).items():
        for container in containers(pod):
            asked = container["resources"]
            assert {"cpu", "memory"} <= asked["requests"].keys(), who
            assert "memory" in asked["limits"], who
            assert re.fullmatch(r".+(:[\w.-]+|@sha256:[0-9a-f]{64})", container["image"]), who
            assert not container["image"].endswith(":latest"), who
        for volume in pod["spec"].get("volumes", []):
            assert "emptyDir" not in volume or volume["emptyDir"].get("sizeLimit"), (who, volume["name"])


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_server_has_probes(name: str) -> None:
    for who, pod in pods(name).items():
        if who.startswith(ONCE):
            continue
        first, *beside = pod["spec"]["containers"]
        assert {"startupProbe", "readinessProbe", "livenessProbe"} <= first.keys(), who
        assert all("livenessProbe" in container for container in beside), who
        assert pod["spec"]["terminationGracePeriodSeconds"] >= 30, who


@pytest.mark.parametrize("name", EVERYTHING)
def test_volumes_that_are_mounted_are_there(name: str) -> None:
    workloads = {f"{one['kind']}/{one['metadata']['name']}": one for one in manifests.objects(name)}
    for who, pod in pods(name).items():
        claimed = {claim["metadata"]["name"] for claim in workloads[who]["spec"].get("volumeClaimTemplates", [])}
        there = {volume["name"] for volume in pod["spec"].get("volumes", [])} | claimed
        mounted = {mount["name"] for container in containers(pod) for mount in container.get("volumeMounts", [])}
        assert mounted == there, who


@pytest.mark.parametrize("name", EVERYTHING)
def test_what_is_referred_to_exists(name: str) -> None:
    maps = {one["metadata"]["name"]: one["data"].keys() for one in of_kind(name, "ConfigMap")}
    claims = {one["metadata"]["name"] for one in of_kind(name, "PersistentVolumeClaim")}
    made = {"andon-secrets": missing({}).keys()}
    if name != "external":
        assert of_kind(name, "Job")
    outside = _outside(name)
    for who, pod in pods(name).items():
        for volume in pod["spec"].get("volumes", []):
            if claim := volume.get("persistentVolumeClaim"):
                assert claim["claimName"] in claims | outside, who
        for secret, key in _keys(pod, "secret"):
            assert secret in outside or key in made[secret], (who, secret, key)
        for called, key in _keys(pod, "configMap"):
            assert called in outside or (called in maps and (not key or key in maps[called])), (who, called, key)


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_variable_is_one_that_a_service_reads(name: str) -> None:
    assert set(manifests.settings(name)) <= KNOWN
    for who, pod in pods(name).items():
        if manifests.component(pod) in OWN:
            for variable in pod["spec"]["containers"][0].get("env", []):
                if variable["name"].startswith("ANDON_"):
                    assert variable["name"] in KNOWN, (who, variable["name"])


@pytest.mark.parametrize("name", EVERYTHING)
def test_services_and_budgets_find_pods(name: str) -> None:
    found = list(pods(name).values())
    for service in of_kind(name, "Service"):
        chosen = [pod for pod in found if selects(service["spec"]["selector"], pod)]
        assert len(chosen) == 1, service["metadata"]["name"]
        ports = {port["name"] for container in containers(chosen[0]) for port in container.get("ports", [])}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports
    workloads = of_kind(name, "Deployment", "StatefulSet")
    several = {one["metadata"]["name"] for one in workloads if one["spec"].get("replicas", 2) > 1}
    budgets = of_kind(name, "PodDisruptionBudget")
    assert {one["metadata"]["name"] for one in budgets} == several
    for budget in budgets:
        assert len([pod for pod in found if selects(budget["spec"]["selector"]["matchLabels"], pod)]) == 1


@pytest.mark.parametrize("name", EVERYTHING)
def test_one_thing_alone_decides_how_many_pods_there_are(name: str) -> None:
    scalers = of_kind(name, "HorizontalPodAutoscaler", "ScaledObject")
    scaled = [one["spec"]["scaleTargetRef"]["name"] for one in scalers]
    assert len(scaled) == len(set(scaled))
    for one in of_kind(name, "Deployment", "StatefulSet"):
        assert ("replicas" in one["spec"]) is (one["metadata"]["name"] not in scaled), one["metadata"]["name"]
    ingests = next(one for one in of_kind(name, "StatefulSet") if manifests.component(one) == "ingest")
    assert manifests.settings(name)["ANDON_INGEST_INSTANCES"] == str(ingests["spec"]["replicas"])


def _outside(name: str) -> set[str]:
    """Secrets and ConfigMaps that somebody else makes."""
    found = {
        "external": {"plant-secrets", "influx", "databases", "database-ca", "backups"},
        "mosquitto": {"mqtt-certificate", "devices", "dashboards-machines", "dashboards-sensors"},
        "public-certificate": {"mqtt-certificate"},
        "broker": {"broker", "influx", "influx-reader"},
        "scaled": {"mail", "heartbeat", "grafana-webhook", "andon-mqtt-tls"},
    }
    return found.get(name, set())


def _keys(pod: manifests.Object, kind: str) -> list[tuple[str, str]]:
    """Name and key ('' is all of it) of what a pod takes from Secrets or ConfigMaps."""
    found = list[tuple[str, str]]()
    for container in containers(pod):
        for variable in container.get("env", []):
            if source := variable.get("valueFrom", {}).get(f"{kind}KeyRef"):
                found.append((source["name"], source["key"]))
        found += [(one[f"{kind}Ref"]["name"], "") for one in container.get("envFrom", []) if f"{kind}Ref" in one]
    for volume in pod["spec"].get("volumes", []):
        sources = [volume, *volume.get("projected", {}).get("sources", [])]
        for source in (one[kind] for one in sources if kind in one):
            called = source.get("secretName") or source["name"]
            found += [(called, item["key"]) for item in source.get("items", [])] or [(called, "")]
    return found
