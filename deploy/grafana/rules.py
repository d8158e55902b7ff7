"""Alert rules of Grafana's that watch Andon from outside of it: a second pair of eyes, should its own alarms be silent.

Alarms of machines stay in Andon, where they are acknowledged and shelved.
"""

from dataclasses import dataclass
from typing import Any

from andon.common import platform
from deploy.grafana import uids
from deploy.grafana.influxql import RAW
from deploy.grafana.platform_health import LATE_SECONDS, newest
from deploy.grafana.targets import Query

FOLDER = "Andon"
INTERVAL = "30s"
WITHIN_SECONDS = 300
EXPRESSION = "__expr__"


@dataclass(frozen=True)
class Rule:
    """One alert: the newest value of a sensor of the platform, above a limit for so long. silent: state of no data."""

    uid: str
    title: str
    statement: str
    above: float
    lasting: str
    severity: str
    summary: str
    silent: str = "OK"


RULES = (
    Rule(
        "andon-unexplained",
        "Andon: the ledger does not balance",
        newest(platform.LEDGER, platform.UNEXPLAINED),
        0,
        "1m",
        "critical",
        "Messages are nowhere: open the page Health, and read the ledger.",
    ),
    Rule(
        "andon-lost",
        "Andon: readings were lost",
        newest(platform.LEDGER, platform.LOST),
        0,
        "0s",
        "critical",
        "Messages that were safe are gone: open the page Health, and read the ledger.",
    ),
    Rule(
        "andon-late",
        "Andon: readings are not stored in time",
        newest(platform.PROBER, platform.STORED),
        LATE_SECONDS,
        "1m",
        "medium",
        "It takes more than 10 s until a reading is in InfluxDB. Nothing is lost, the stream keeps what waits.",
    ),
    Rule(
        "andon-silent",
        "Andon: nothing is stored any more",
        newest(platform.PROBER, platform.NUMBER),
        float("1e18"),
        "1m",
        "critical",
        "No canary has come to InfluxDB for five minutes: see whether ingest, NATS and InfluxDB run.",
        silent="Alerting",
    ),
)


def groups() -> dict[str, Any]:
    """The rules as Grafana's provisioning reads them."""
    rules = [_written(rule) for rule in RULES]
    group = {"orgId": 1, "name": "andon", "folder": FOLDER, "interval": INTERVAL, "rules": rules}
    return {"apiVersion": 1, "groups": [group]}


def contact_point() -> dict[str, Any]:
    """Where alerts go, where somebody names a webhook."""
    settings = {"url": "$ANDON_GRAFANA_WEBHOOK_URL", "httpMethod": "POST"}
    receiver = {"uid": "andon-webhook", "type": "webhook", "settings": settings, "disableResolveMessage": False}
    point = {"orgId": 1, "name": "andon", "receivers": [receiver]}
    policy = {"orgId": 1, "receiver": "andon", "group_by": ["alertname"], "repeat_interval": "4h"}
    return {"apiVersion": 1, "contactPoints": [point], "policies": [policy]}


def _written(rule: Rule) -> dict[str, Any]:
    steps = [
        _step("A", RAW.uid, Query(RAW.uid, rule.statement, "A").to_json() | {"intervalMs": 1000, "maxDataPoints": 300}),
        _step("B", EXPRESSION, _expression("B", "reduce", "A", reducer="last")),
        _step("C", EXPRESSION, _expression("C", "threshold", "B", conditions=[_above(rule.above)])),
    ]
    return {
        "uid": rule.uid,
        "title": rule.title,
        "condition": "C",
        "data": steps,
        "for": rule.lasting,
        "noDataState": rule.silent,
        "execErrState": "Alerting",
        "labels": {"severity": rule.severity, "service": "andon"},
        "annotations": {"summary": rule.summary},
        "dashboardUid": uids.PLATFORM,
        "panelId": 1,
        "isPaused": False,
    }


def _step(ref: str, source: str, model: dict[str, Any]) -> dict[str, Any]:
    span = {"from": WITHIN_SECONDS, "to": 0}
    return {"refId": ref, "datasourceUid": source, "relativeTimeRange": span, "model": model}


def _expression(ref: str, kind: str, of: str, **more: Any) -> dict[str, Any]:
    source = {"type": EXPRESSION, "uid": EXPRESSION}
    return {"refId": ref, "type": kind, "expression": of, "datasource": source} | more


def _above(limit: float) -> dict[str, Any]:
    return {"evaluator": {"type": "gt", "params": [limit]}}
