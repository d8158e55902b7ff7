"""Renders the chart to the base of the kustomizations: `just k8s`. One truth; tests/deploy compares the two.

The settings become a ConfigMap that kustomize makes itself, so that an overlay changes one of them by its name, and the
pods are started anew because the ConfigMap is called otherwise.
"""

import shutil
from pathlib import Path
from typing import Any

import yaml
from helm_python import Chart

HERE = Path(__file__).parent
CHART = HERE / "andon"
BASE = HERE / "kustomize" / "base"
COMPONENTS = HERE / "kustomize" / "components"
VALUES: dict[str, Any] = {"tests": {"enabled": False}, "monitoring": {"enabled": False}}
"""What the base is made with: the chart's defaults, without what asks a cluster for its kinds."""
Chosen = tuple[dict[str, Any], set[str], set[str]]
BACKUP: dict[str, Any] = {"backup": {"enabled": True}}
WITH: dict[str, Chosen] = {
    "ingress/ingress.yaml": ({"ingress": {"enabled": True}}, {"Ingress"}, set()),
    "scaling/autoscalers.yaml": (
        {name: {"autoscaling": {"enabled": True}} for name in ("registry", "query", "alerting", "web")},
        {"HorizontalPodAutoscaler"},
        set(),
    ),
    "backup/backup.yaml": (BACKUP, set(), {"backup"}),
    "backup/policies.yaml": (BACKUP, {"NetworkPolicy"}, {"nats", "influxdb", "postgresql"}),
}
"""File of a component -> the values that make it, and which kinds of which parts of Andon stand in it; none is all."""
SETTINGS = "andon-settings"
HELM = ("helm.sh/hook", "helm.sh/hook-weight", "helm.sh/hook-delete-policy", "helm.sh/resource-policy")


def main() -> None:
    """Write the base anew, and what components take from the chart."""
    shutil.rmtree(BASE, ignore_errors=True)
    BASE.mkdir(parents=True)
    for name, text in files().items():
        (BASE / name).write_text(text)
    for name, text in component_files().items():
        (COMPONENTS / name).write_text(text)


def files() -> dict[str, str]:
    """Name of a file of the base -> what stands in it."""
    found = objects()
    settings = next(one for one in found if _is(one, "ConfigMap", SETTINGS))
    parts = dict[str, list[dict[str, Any]]]()
    for one in found:
        if one is not settings:
            parts.setdefault(_part(one), []).append(one)
    made = {f"{name}.yaml": yaml.safe_dump_all(part, sort_keys=False, width=120) for name, part in parts.items()}
    made["settings.env"] = "".join(f"{name}={value}\n" for name, value in settings["data"].items())
    made["kustomization.yaml"] = yaml.safe_dump(
        {
            "apiVersion": "kustomize.config.k8s.io/v1beta1",
            "kind": "Kustomization",
            "resources": sorted(f"{name}.yaml" for name in parts),
            "configMapGenerator": [{"name": SETTINGS, "envs": ["settings.env"]}],
        },
        sort_keys=False,
    )
    return made


def component_files() -> dict[str, str]:
    """The same of the components."""
    made = dict[str, str]()
    for name, (values, kinds, parts) in WITH.items():
        found = [one for one in objects(values) if one["kind"] in (kinds or {one["kind"]})]
        found = [one for one in found if not parts or _part(one) in parts]
        made[name] = yaml.safe_dump_all(found, sort_keys=False, width=120)
    return made


def objects(more: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """What the chart makes, without what is Helm's own. `more` are values besides."""
    with Chart.load(CHART) as chart:
        rendered = chart.render(VALUES | (more or {}), name="andon", namespace="andon")
    texts = [text for path, text in sorted(rendered.items()) if path.endswith(".yaml")]
    return [plain(one) for text in texts for one in yaml.safe_load_all(text) if one]


def plain(one: dict[str, Any]) -> dict[str, Any]:
    """An object as kubectl and kustomize know it."""
    metadata = one["metadata"]
    metadata.pop("namespace")
    metadata["labels"].pop("helm.sh/chart")
    metadata["labels"]["app.kubernetes.io/managed-by"] = "kustomize"
    _drop(metadata, HELM)
    template = one["spec"].get("template") if isinstance(one.get("spec"), dict) else None
    if template:
        _drop(template["metadata"], ("checksum/settings",))  # the ConfigMap's name has a hash of its own
    for subject in one.get("subjects", []):
        subject.pop("namespace")
    return one


def _drop(metadata: dict[str, Any], names: tuple[str, ...]) -> None:
    kept = {name: value for name, value in metadata.get("annotations", {}).items() if name not in names}
    metadata.pop("annotations", None)
    if kept:
        metadata["annotations"] = kept


def _part(one: dict[str, Any]) -> str:
    return str(one["metadata"]["labels"]["app.kubernetes.io/component"])


def _is(one: dict[str, Any], kind: str, name: str) -> bool:
    return bool(one["kind"] == kind and one["metadata"]["name"] == name)


if __name__ == "__main__":
    main()
