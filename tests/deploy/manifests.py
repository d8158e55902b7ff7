"""What the chart and the kustomizations make, as objects to look at."""

import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from helm_python import Chart

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy" / "k8s" / "andon"
OVERLAYS = ROOT / "deploy" / "k8s" / "kustomize" / "overlays"
Object = dict[str, Any]

COMBINATIONS = {"default": None} | {
    path.name.removesuffix("-values.yaml"): path for path in sorted((CHART / "ci").glob("*-values.yaml"))
}
"""Name -> file of values; each combination that the chart is tried with."""
DRAWN = {"dev", "edge", "prod"}
"""Overlays of kustomize."""
EVERYTHING = [*COMBINATIONS, *(f"kustomize-{name}" for name in sorted(DRAWN))]


def values(name: str) -> dict[str, Any]:
    """Values of a combination."""
    path = COMBINATIONS[name]
    return yaml.safe_load(path.read_text()) if path else {}


def render(given: dict[str, Any]) -> dict[str, list[Object]]:
    """Template -> the objects it makes of `given` values."""
    with Chart.load(CHART) as chart:
        chart.validate_schema(given)
        found = chart.render(given, name="andon", namespace="factory")
    return {
        path.removeprefix("andon/templates/"): [one for one in yaml.safe_load_all(text) if one]
        for path, text in found.items()
        if path.endswith(".yaml")
    }


@cache
def objects(name: str) -> tuple[Object, ...]:
    """All objects of a combination, or of an overlay (`kustomize-<its name>`)."""
    if name.startswith("kustomize-"):
        kubectl = shutil.which("kubectl")
        if kubectl is None:
            pytest.skip("kubectl is not on this machine: the overlays are not looked at")
        folder = OVERLAYS / name.removeprefix("kustomize-")
        done = subprocess.run([kubectl, "kustomize", str(folder)], capture_output=True, text=True, check=True)
        return tuple(one for one in yaml.safe_load_all(done.stdout) if one)
    return tuple(one for found in render(values(name)).values() for one in found)


def of_kind(name: str, *kinds: str) -> list[Object]:
    """Those of some kinds."""
    return [one for one in objects(name) if one["kind"] in kinds]


def pods(name: str) -> dict[str, Object]:
    """Kind and name of what makes pods -> the pod: its `metadata` and `spec`."""
    found = dict[str, Object]()
    for one in objects(name):
        if one["kind"] in {"Deployment", "StatefulSet", "Job"}:
            found[f"{one['kind']}/{one['metadata']['name']}"] = one["spec"]["template"]
        elif one["kind"] == "CronJob":
            found[f"CronJob/{one['metadata']['name']}"] = one["spec"]["jobTemplate"]["spec"]["template"]
        elif one["kind"] == "Pod":
            found[f"Pod/{one['metadata']['name']}"] = one
    return found


def containers(pod: Object) -> list[Object]:
    """All of a pod, those that prepare it included."""
    return [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]


def component(labelled: Object) -> str:
    """Which part of Andon an object belongs to."""
    return str(labelled["metadata"]["labels"]["app.kubernetes.io/component"])


def selects(selector: dict[str, str], pod: Object) -> bool:
    """Whether labels to look for are those of a pod."""
    return selector.items() <= pod["metadata"]["labels"].items()


def settings(name: str) -> dict[str, str]:
    """The ConfigMap that all of Andon's own pods read."""
    found = [one for one in of_kind(name, "ConfigMap") if one["metadata"]["name"].startswith("andon-settings")]
    assert len(found) == 1
    data: dict[str, str] = found[0]["data"]
    return data
