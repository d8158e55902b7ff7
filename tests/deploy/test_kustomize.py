"""The kustomizations follow from the chart, and an overlay differs from it where it says so."""

import importlib.util
from types import ModuleType

import pytest

from . import manifests
from .manifests import DRAWN, ROOT, of_kind

K8S = ROOT / "deploy" / "k8s"


@pytest.fixture(scope="module")
def render() -> ModuleType:
    """deploy/k8s/render.py, which belongs to no package."""
    spec = importlib.util.spec_from_file_location("render", K8S / "render.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_base_and_components_are_what_the_chart_makes(render: ModuleType) -> None:
    """`just k8s` writes them anew."""
    there = {path.name: path.read_text() for path in (K8S / "kustomize/base").iterdir()}
    assert there == render.files()
    for name, text in render.component_files().items():
        assert (K8S / "kustomize/components" / name).read_text() == text


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_an_overlay_keeps_the_pods_of_the_chart(name: str) -> None:
    """What differs of a main workload is how many, how large, and what the settings say."""
    from_chart = {who: pod for who, pod in manifests.pods("default").items() if not who.startswith("Pod/")}
    drawn = manifests.pods(f"kustomize-{name}")
    if name == "prod":
        values = {"backup": {"enabled": True}}
        made = manifests.render(values)["backup/cronjob.yaml"][0]
        from_chart["CronJob/andon-backup"] = made["spec"]["jobTemplate"]["spec"]["template"]
    missing = from_chart.keys() - drawn.keys()
    assert missing == ({"Deployment/andon-grafana"} if name == "edge" else set())
    for who, pod in drawn.items():
        first, other = pod["spec"]["containers"][0], from_chart[who]["spec"]["containers"][0]
        for field in ("image", "command", "args", "ports", "volumeMounts", "securityContext", "readinessProbe"):
            assert first.get(field) == other.get(field), (who, field)
        assert _named(first) == _named(other), who


@pytest.mark.parametrize("name", ["dev", "edge"])
def test_one_node_has_one_of_each(name: str) -> None:
    found = of_kind(f"kustomize-{name}", "Deployment", "StatefulSet")
    assert {one["spec"]["replicas"] for one in found} == {1}
    settings = manifests.settings(f"kustomize-{name}")
    assert "," not in settings["ANDON_NATS_URL"] + settings["ANDON_INGEST_MQTT_URL"]
    (nats,) = [one for one in found if manifests.component(one) == "nats"]
    env = {one["name"]: one.get("value") for one in nats["spec"]["template"]["spec"]["containers"][0]["env"]}
    assert env["ANDON_NATS_REPLICAS"] == settings["ANDON_NATS_REPLICAS"] == "1"
    (config,) = [one for one in of_kind(f"kustomize-{name}", "ConfigMap") if one["metadata"]["name"] == "andon-nats"]
    assert config["data"]["cluster.conf"].strip() == "# none"


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_settings_restart_pods_and_stay_within_a_restricted_namespace(name: str) -> None:
    (space,) = of_kind(f"kustomize-{name}", "Namespace")
    assert space["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    for one in manifests.objects(f"kustomize-{name}"):
        if one["kind"] != "Namespace":
            assert one["metadata"]["namespace"] == space["metadata"]["name"]
        for subject in one.get("subjects", []):
            assert subject["namespace"] == space["metadata"]["name"]
    (settings,) = [one for one in of_kind(f"kustomize-{name}", "ConfigMap") if "settings" in one["metadata"]["name"]]
    assert settings["metadata"]["name"] != "andon-settings"  # its hash is in it, and so in every pod that reads it


def _named(container: manifests.Object) -> list[str]:
    return sorted(one["name"] for one in container.get("env", []))
