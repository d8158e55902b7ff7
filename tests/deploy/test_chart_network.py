"""Who may talk to whom: every port has somebody it is open to, every address in the environment can be reached."""

import re

import pytest

from . import manifests
from .manifests import EVERYTHING, Object, component, containers, of_kind, pods, selects

GUARDED = [name for name in EVERYTHING if name != "edge"]
"""All but the one that runs without network policies."""
PATHS = {
    "/api/ingest/v1": "andon-ingest",
    "/api/registry/v1": "andon-registry",
    "/api/query/v1": "andon-query",
    "/api/alerting/v1": "andon-alerting",
    "/grafana": "andon-registry",
    "/": "andon-web",
}
ALONE = {8222}
"""Ports that nobody but the kubelet's probes needs: monitoring of nats-server, unless KEDA asks it."""
ADDRESS = re.compile(r"(?:[a-z]+://)?(?:[^\s@\",/]*@)?(?:[a-z0-9-]+\.)?(andon-[a-z-]+):(\d+)")


def _policies(name: str) -> dict[str, Object]:
    found = {component(one): one["spec"] for one in of_kind(name, "NetworkPolicy")}
    assert found["deny"]["policyTypes"] == ["Ingress", "Egress"]
    assert not {"ingress", "egress"} & found["deny"].keys()
    return found


@pytest.mark.parametrize("name", GUARDED)
def test_every_pod_has_a_policy_and_nothing_else_may_do_anything(name: str) -> None:
    policies = _policies(name)
    for who, pod in pods(name).items():
        assert selects(policies["deny"]["podSelector"]["matchLabels"], pod), who
        own = policies[component(pod)]
        assert selects(own["podSelector"]["matchLabels"], pod), who
        assert any(port["port"] == 53 for rule in own["egress"] for port in rule["ports"]), who


@pytest.mark.parametrize("name", GUARDED)
def test_every_port_is_open_to_somebody_and_no_other(name: str) -> None:
    policies = _policies(name)
    for who, pod in pods(name).items():
        listens = {port["containerPort"] for one in containers(pod) for port in one.get("ports", [])}
        rules = policies[component(pod)].get("ingress", [])
        opened = {port["port"] for rule in rules for port in rule["ports"]}
        alone = ALONE | ({6222} if manifests.settings(name)["ANDON_NATS_REPLICAS"] == "1" else set())
        if component(pod) == "nats" and name in {"mosquitto", "broker"}:
            alone |= {1883, 8883}  # devices are elsewhere
        assert opened <= listens, who
        assert listens - opened <= alone, (who, listens - opened)


@pytest.mark.parametrize("name", GUARDED)
def test_every_address_that_a_pod_is_given_can_be_reached(name: str) -> None:
    policies, services = _policies(name), {one["metadata"]["name"]: one for one in of_kind(name, "Service")}
    shared = manifests.settings(name)
    reads = {
        "ANDON_NATS_URL": {"ingest", "registry", "query", "derive", "alerting", "web", "backup"},
        "ANDON_INFLUX_URL": {"ingest", "query", "derive", "alerting", "backup"},
        "ANDON_INGEST_MQTT_URL": {"ingest"},
        "ANDON_INGEST_LIVE_URL": {"ingest"},
        "ANDON_REGISTRY_GRAFANA_URL": {"registry"},
    }
    checked = 0
    for pod in pods(name).values():
        who = component(pod)
        given = [value for key, value in shared.items() if who in reads.get(key, ())]
        given += [str(one.get("value", "")) for part in containers(pod) for one in part.get("env", [])]
        for service, port in {found for value in given for found in ADDRESS.findall(value)}:
            target = services[service]
            to = target["spec"]["selector"]["app.kubernetes.io/component"]
            assert int(port) in {one["port"] for one in target["spec"]["ports"]}, (who, service, port)
            assert _allows(policies[who]["egress"], "to", to, int(port)), (who, to, port)
            assert _allows(policies[to]["ingress"], "from", who, int(port)), (who, to, port)
            checked += 1
    assert checked > (2 if name == "external" else 10)


def test_servers_outside_can_be_reached_at_their_ports() -> None:
    policies = _policies("external")
    wanted = {"ingest": {4222, 8883, 443}, "query": {4222, 443}, "registry": {4222, 5432, 3000}, "web": {4222}}
    wanted["backup"] = {4222, 443, 5432}
    for who, ports in wanted.items():
        outside = [
            rule for rule in policies[who]["egress"] if {"ipBlock": {"cidr": "10.1.0.0/16"}} in rule.get("to", [])
        ]
        assert {port["port"] for rule in outside for port in rule["ports"]} == ports, who


def test_alerting_reaches_mail_and_webhooks_and_others_do_not() -> None:
    policies = _policies("default")
    anywhere = {who for who, spec in policies.items() for rule in spec.get("egress", []) if "to" not in rule}
    assert anywhere == {"alerting", "secrets"}
    assert _allows(policies["alerting"]["egress"], "to", "", 587)


def test_monitoring_of_nats_is_open_to_keda_alone() -> None:
    for name in ("default", "scaled"):
        rules = [
            rule for rule in _policies(name)["nats"]["ingress"] if any(one["port"] == 8222 for one in rule["ports"])
        ]
        keda = [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "keda"}}}]
        assert [rule["from"] for rule in rules] == ([keda] if name == "scaled" else [])


@pytest.mark.parametrize("name", ["ingress", "kustomize-edge", "kustomize-prod"])
def test_the_ingress_leads_the_agreed_paths_and_no_metrics(name: str) -> None:
    (ingress,) = of_kind(name, "Ingress")
    assert ingress["spec"]["tls"]
    paths = ingress["spec"]["rules"][0]["http"]["paths"]
    assert {one["path"]: one["backend"]["service"]["name"] for one in paths} == PATHS
    assert {one["pathType"] for one in paths} == {"Prefix"}


def test_the_gateway_leads_the_same() -> None:
    (route,) = of_kind("scaled", "HTTPRoute")
    found = {rule["matches"][0]["path"]["value"]: rule["backendRefs"][0]["name"] for rule in route["spec"]["rules"]}
    assert found == PATHS
    ports = {one["metadata"]["name"]: one["spec"]["ports"][0]["port"] for one in of_kind("scaled", "Service")}
    assert all(
        ports[rule["backendRefs"][0]["name"]] == rule["backendRefs"][0]["port"] for rule in route["spec"]["rules"]
    )


def _allows(rules: list[Object], side: str, who: str, port: int) -> bool:
    """Whether a rule names the port, and the component or everybody."""
    for rule in rules:
        peers = [one.get("podSelector", {}).get("matchLabels", {}) for one in rule.get(side, [])]
        named = any(one.get("app.kubernetes.io/component") == who for one in peers)
        if (named or side not in rule) and any(one["port"] == port for one in rule["ports"]):
            return True
    return False
