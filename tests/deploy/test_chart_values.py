"""Values that are wrong are refused, by a sentence that names them; those that are there are told of."""

import json
import re
from typing import Any

import pytest
import yaml
from helm_python import Chart, HelmError

from . import manifests
from .manifests import CHART
from .test_chart_policy import KNOWN

INFLUX: dict[str, Any] = {
    "enabled": False,
    "external": {"url": "http://influx.example.com:8086", "username": "andon", "existingSecret": "a"},
}
"""One outside, of which Grafana has no user of its own."""
BAD: list[tuple[dict[str, Any], str]] = [
    ({"replicas": 2}, "additional properties 'replicas' not allowed"),
    ({"query": {"replicas": "2"}}, "/query/replicas"),
    ({"nats": {"replicas": 2}}, "/nats/replicas"),
    ({"nats": {"partitions": 13}}, "/nats/partitions"),
    ({"nats": {"storage": {"disk": "24Gi"}}}, "/nats/storage/disk"),
    ({"settings": {"ANDON_QUERY_RETENTION": "90d"}}, "ANDON_QUERY_RETENTION"),
    ({"settings": {"ANDON_LOG_LEVEL": "loud"}}, "/settings/ANDON_LOG_LEVEL"),
    ({"settings": {"ANDON_NATS_URL": "nats://elsewhere:4222"}}, "ANDON_NATS_URL"),
    ({"mqtt": {"broker": "emqx"}}, "/mqtt/broker"),
    ({"mqtt": {"external": {"url": "broker:1883"}}}, "/mqtt/external/url"),
    ({"web": {"image": {"tag": "latest"}}}, "/web/image/tag"),
    ({"web": {"image": {"digest": "sha256:12"}}}, "/web/image/digest"),
    ({"publicUrl": "andon.example.com"}, "/publicUrl"),
    ({"backup": {"schedule": "every night"}}, "/backup/schedule"),
    ({"backup": {"keep": 0}}, "/backup/keep"),
    ({"networkPolicy": {"devices": [{"cidr": "10.0.0.0/8"}]}}, "/networkPolicy/devices/0"),
    ({"ingest": {"replicas": 7}}, "ingest.replicas is 7, but nats.partitions is 6"),
    ({"alerting": {"autoscaling": {"enabled": True}, "keda": {"enabled": True}}}, "Choose one"),
    ({"alerting": {"keda": {"enabled": True}}}, "the cluster has no keda.sh/v1alpha1"),
    ({"gateway": {"enabled": True}}, "the cluster has no gateway.networking.k8s.io/v1"),
    ({"mqtt": {"tls": {"enabled": True}}}, "name mqtt.tls.existingSecret"),
    ({"mqtt": {"broker": "external"}}, "mqtt.external.url"),
    ({"nats": {"enabled": False}}, "nats.external.url"),
    ({"influxdb": {"enabled": False}}, "influxdb.external.url"),
    ({"postgresql": {"enabled": False}}, "postgresql.external.existingSecret"),
    ({"influxdb": INFLUX}, "influxdb.external.grafanaSecret"),
    (
        {"influxdb": INFLUX | {"external": INFLUX["external"] | {"grafanaSecret": "b"}}},
        "influxdb.external.grafanaUsername",
    ),
]


@pytest.mark.parametrize(("given", "said"), BAD)
def test_a_wrong_value_is_refused_by_its_name(given: dict[str, Any], said: str) -> None:
    with pytest.raises(HelmError) as refused:
        manifests.render(given)
    assert said in str(refused.value)


def test_andons_own_images_may_come_from_a_registry_of_their_own() -> None:
    given = {"andonRegistry": "registry.example.com/factory", "imageRegistry": "mirror.example.com"}
    images = set(re.findall(r'"image": "([^"]+)"', json.dumps(manifests.render({"global": given}))))
    own = {image for image in images if image.startswith("registry.example.com/factory/andon")}
    assert {image.rpartition("/")[2].partition(":")[0] for image in own} == {
        *("andon", "andon-ingest", "andon-registry", "andon-query", "andon-alerting")
    }
    assert all(image.startswith("mirror.example.com/") for image in images - own), images - own


def test_every_value_is_told_of_in_the_schema_and_takes_its_default() -> None:
    schema, defaults = json.loads((CHART / "values.schema.json").read_text()), _defaults()
    _compare(schema, schema, defaults, "")


def test_settings_are_those_of_the_services_that_no_other_value_makes() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text())
    free = set(schema["properties"]["settings"]["properties"])
    everywhere = set[str]()
    for name in manifests.COMBINATIONS:
        everywhere |= manifests.settings(name).keys() - manifests.values(name).get("settings", {}).keys()
        for pod in manifests.pods(name).values():
            everywhere |= {one["name"] for part in manifests.containers(pod) for one in part.get("env", [])}
    unset = {
        "ANDON_NATS_USER",  # the chart's nats.conf names it
        "ANDON_REGISTRY_NATS_LOG",  # a file that no two pods share
        "ANDON_REGISTRY_ADMIN_PASSWORD",  # the file goes before it
        "ANDON_INSTANCE",
        "ANDON_ALERTING_INSTANCE",  # the pod's name
        "ANDON_INGEST_PORT",
        "ANDON_REGISTRY_PORT",
        "ANDON_QUERY_PORT",
        "ANDON_DERIVE_PORT",
        "ANDON_ALERTING_PORT",
        "ANDON_WEB_PORT",
    }
    assert free | everywhere >= KNOWN - unset
    assert free <= KNOWN
    assert not free & (everywhere - {"ANDON_LOG_FORMAT"})


def test_a_setting_reaches_the_services_as_it_was_written() -> None:
    assert manifests.settings("ingress")["ANDON_NATS_TELEMETRY_BYTES"] == "8589934592"


@pytest.mark.parametrize(
    ("name", "port"),
    [
        ("default", "1883"),
        ("scaled", "8883"),  # its load balancer
        ("public-certificate", "30883"),  # its nodes
        ("broker", "8883"),  # somebody else's, by TLS
        ("external", "8883"),
        ("kustomize-edge", "31883"),
    ],
)
def test_devices_are_told_the_port_at_which_they_reach_the_broker(name: str, port: str) -> None:
    assert manifests.settings(name)["ANDON_REGISTRY_MQTT_PORT"] == port


def test_monitoring_is_made_where_the_cluster_has_its_kinds() -> None:
    assert not manifests.of_kind("default", "ServiceMonitor", "PrometheusRule")
    monitors = manifests.of_kind("ingress", "ServiceMonitor")
    assert len(monitors) == 3
    assert all(one["metadata"]["labels"]["release"] == "prometheus" for one in monitors)
    (rules,) = manifests.of_kind("ingress", "PrometheusRule")
    assert rules["spec"] == yaml.safe_load((manifests.ROOT / "deploy/prometheus/rules.yaml").read_text())


def test_keda_asks_for_consumers_that_alerting_has() -> None:
    from andon.common import subjects  # noqa: PLC0415

    (scaled,) = manifests.of_kind("scaled", "ScaledObject")
    asked = {one["metadata"]["consumer"] for one in scaled["spec"]["triggers"]}
    assert asked == {subjects.evaluate_durable(number, 6) for number in range(6)}
    assert scaled["spec"]["maxReplicaCount"] == 6  # more than partitions are of no use


def _defaults() -> dict[str, Any]:
    with Chart.load(CHART) as chart:
        found: dict[str, Any] = chart.values
    return found


def _compare(whole: dict[str, Any], schema: dict[str, Any], given: dict[str, Any], where: str) -> None:
    """Each name of the schema has a default, and the other way round, as deep as both tell of names."""
    if "$ref" in schema:
        schema = whole["definitions"][schema["$ref"].rsplit("/", 1)[1]]
    named = schema.get("properties", {})
    for name, below in given.items():
        assert name in named or "properties" not in schema, f"{where}.{name} is not in the schema"
        if isinstance(below, dict) and name in named:
            _compare(whole, named[name], below, f"{where}.{name}")
    if not where:
        assert set(named) == set(given)
