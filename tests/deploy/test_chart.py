"""The chart makes what Kubernetes takes, for every combination of values it is tried with."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml
from helm_python import Chart, lint

from andon.common import topics
from andon.common.servers.process import find_program

from . import manifests
from .certificate import certificate
from .kinds import KINDS
from .manifests import CHART, COMBINATIONS, EVERYTHING, of_kind

OLDEST, NEWER = "1.30", "1.34"
"""Of Kubernetes: the one that Chart.yaml names, and one of today."""
MOST_BYTES = 2**18
"""Of an object: `kubectl apply` keeps a copy in an annotation of at most so many."""


@pytest.mark.parametrize("name", COMBINATIONS)
def test_helm_finds_nothing_to_say(name: str) -> None:
    report = lint(CHART, manifests.values(name), strict=True)
    assert not report["errors"]
    assert not [one for one in report["messages"] if one["severity"] > 1]


@pytest.mark.parametrize("name", EVERYTHING)
def test_kubernetes_takes_every_object(name: str) -> None:
    for one in manifests.objects(name):
        if one["apiVersion"] in KINDS:
            jsonschema.validate(one, KINDS[one["apiVersion"]][one["kind"]])
        else:
            kubernetes_validate.validate(one, NEWER if name in {"scaled", "mosquitto"} else OLDEST, strict=True)


@pytest.mark.parametrize("name", EVERYTHING)
def test_no_two_objects_are_one_and_none_is_too_large(name: str) -> None:
    names = [(one["kind"], one["metadata"]["name"]) for one in manifests.objects(name)]
    assert len(names) == len(set(names))
    for one in manifests.objects(name):
        assert len(json.dumps(one)) < MOST_BYTES, one["metadata"]["name"]
        assert len(one["metadata"]["name"]) < 53


def test_an_archive_of_the_chart_makes_the_same(tmp_path: Path) -> None:
    with Chart.load(CHART) as chart, Chart.load(chart.save(tmp_path)) as packed:
        assert packed.render({}, name="andon") == chart.render({}, name="andon")


def test_the_name_of_a_pod_is_that_of_its_host_whatever_the_release_is_called() -> None:
    """By its host's name a process is told from others of its kind; Kubernetes cuts it after 63 letters."""
    with Chart.load(CHART) as chart:
        rendered = chart.render({"mqtt": {"broker": "mosquitto"}}, name="a" * 53)
    for path, text in rendered.items():
        if path.endswith(("deployment.yaml", "statefulset.yaml")) and text.strip():
            name = yaml.safe_load(text)["metadata"]["name"]
            assert len(name + "-0123456789-01234") <= 63, name


@pytest.mark.parametrize("partitions", range(1, 13))
def test_nats_sorts_and_waits_as_the_services_expect(partitions: int) -> None:
    found = manifests.render({"nats": {"partitions": partitions}, "ingest": {"replicas": 1}})["nats/statefulset.yaml"]
    env = _values(found[0])
    assert env["ANDON_NATS_WINDOW"] == str(topics.window(partitions))
    assert json.loads(env["ANDON_NATS_MAPPINGS"]) == (topics.mappings() if partitions > 1 else {})


@pytest.mark.parametrize("name", [name for name in EVERYTHING if name != "external"])
def test_nats_server_reads_its_configuration(name: str, tmp_path: Path) -> None:
    (workload,) = [one for one in of_kind(name, "StatefulSet") if manifests.component(one) == "nats"]
    (config,) = [one for one in of_kind(name, "ConfigMap") if one["metadata"]["name"] == "andon-nats"]
    text, file = config["data"]["nats.conf"], tmp_path / "nats.conf"
    if "/etc/nats-tls/" in text:
        certificate(tmp_path)
        text = text.replace("/etc/nats-tls", str(tmp_path))
    file.write_text(text)
    (tmp_path / "cluster.conf").write_text(config["data"]["cluster.conf"])
    env = {key: value.replace("$(ANDON_NATS_ROUTE_PASSWORD)", "secret") for key, value in _values(workload).items()}
    env["ANDON_NATS_STORE"] = str(tmp_path / "data")
    env["ANDON_AUTH_ISSUER"] = "ABJHLOVMPA4CI6R5KLNGOB4GSLNIY7IOUPAJC4YFNDLQVIOBYQGUWVLA"
    command = [find_program("nats-server", "ANDON_NATS_SERVER"), "-t", "-c", str(file)]
    done = subprocess.run(command, env=os.environ | env, capture_output=True, text=True, check=False)
    # The one thing it has to say: of the field that it does not need any more.
    said = [line for line in done.stderr.splitlines() if line.strip() and "consumer_replicas" not in line]
    assert not [line for line in said if "is valid" not in line]


def test_files_are_those_of_every_edition() -> None:
    for name in ("nats.conf", "influxdb.conf", "mosquitto.conf", "mosquitto.acl", "rules.yaml", "mend.sh"):
        assert (CHART / "files" / name).is_symlink()
    found = manifests.render({"mqtt": {"broker": "mosquitto"}})
    config = found["mosquitto/configmap.yaml"][0]["data"]["mosquitto.conf"].splitlines()
    assert "listener 1885" in config  # not on loopback alone, or ingest could not come in
    assert "listener 1883" in config
    secured = manifests.render({"mqtt": {"broker": "mosquitto", "tls": {"enabled": True, "existingSecret": "one"}}})
    config = secured["mosquitto/configmap.yaml"][0]["data"]["mosquitto.conf"].splitlines()
    assert "listener 1883" not in config
    assert "listener 8883" in config


def test_nothing_restarts_because_the_chart_has_another_version(tmp_path: Path) -> None:
    with Chart.load(CHART) as chart:
        other = Path(chart.save_dir(tmp_path))
        before = chart.render({}, name="andon")
    file = other / "Chart.yaml"
    file.write_text(file.read_text().replace("version: 0.1.0", "version: 0.2.0", 1))
    with Chart.load(other) as chart:
        after = chart.render({}, name="andon")
    for path, text in before.items():
        if path.endswith(("statefulset.yaml", "deployment.yaml")) and text.strip():
            assert yaml.safe_load(text)["spec"] == yaml.safe_load(after[path])["spec"], path


def _values(workload: dict[str, Any]) -> dict[str, str]:
    """Environment of the first container; of what comes from elsewhere, a word."""
    env = workload["spec"]["template"]["spec"]["containers"][0]["env"]
    return {one["name"]: str(one.get("value", "word")) for one in env}
