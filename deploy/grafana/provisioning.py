"""What Grafana is told at its start: data sources, where its dashboards lie, alert rules, and its own settings.

Texts with a dollar are of the environment of Grafana's container: nothing secret stands in a file.
"""

from typing import Any

import yaml

from deploy.grafana import rules
from deploy.grafana.influxql import HOURS, MINUTES, RAW, TIERS

NAMES = {RAW: "Andon", MINUTES: "Andon by the minute", HOURS: "Andon by the hour"}
LEAST_INTERVAL = {RAW: "1s", MINUTES: "1m", HOURS: "1h"}
MOST_SERIES = 5000
PROMETHEUS = "andon-prometheus"
FOLDERS = {"andon": "Andon", "types": "Andon: machine types", "prometheus": "Andon"}
"""Folder of files, and what it is called in Grafana."""
DASHBOARDS = "/etc/grafana/dashboards"

INI = """\
; Grafana behind Andon, at /grafana/ of its address: docs/how-to/embed-grafana.md. What is secret comes by
; GF_SECURITY_ADMIN_PASSWORD and GF_SECURITY_SECRET_KEY.
[server]
root_url = $__env{ANDON_GRAFANA_ROOT_URL}
serve_from_sub_path = true
[security]
; Andon says who may frame: its own pages (frame-ancestors 'self')
allow_embedding = true
cookie_samesite = lax
disable_gravatar = true
[users]
allow_sign_up = false
default_theme = light
[auth]
disable_login_form = true
[auth.anonymous]
enabled = false
[auth.jwt]
enabled = true
header_name = X-JWT-Assertion
jwk_set_file = /etc/grafana/keys/andon-jwks.json
expect_claims = {"iss": "andon", "aud": "grafana"}
username_claim = preferred_username
auto_sign_up = true
role_attribute_path = role
role_attribute_strict = true
[dashboards]
min_refresh_interval = 5s
default_home_dashboard_path = /etc/grafana/dashboards/andon/andon-overview.json
[live]
; live values are Andon's own
max_connections = 0
[analytics]
reporting_enabled = false
check_for_updates = false
check_for_plugin_updates = false
feedback_links_enabled = false
[news]
news_feed_enabled = false
[log]
mode = console
"""


def files() -> dict[str, str]:
    """Every file, by its path below deploy/grafana/."""
    sources = "provisioning/datasources"
    providers = {"apiVersion": 1, "providers": [_provider(*folder) for folder in FOLDERS.items()]}
    return {
        "grafana.ini": INI,
        f"{sources}/influxdb-1.yaml": _yaml(_sources(_by_user)),
        f"{sources}/influxdb-2.yaml": _yaml(_sources(lambda: _by_token("Token"))),
        f"{sources}/influxdb-3.yaml": _yaml(_sources(lambda: _by_token("Bearer"))),
        f"{sources}/prometheus.yaml": _yaml({"apiVersion": 1, "datasources": [_prometheus()]}),
        "provisioning/dashboards/andon.yaml": _yaml(providers),
        "provisioning/alerting/rules.yaml": _yaml(rules.groups()),
        "provisioning/alerting/contact-point.yaml": _yaml(rules.contact_point()),
    }


def _sources(identity: Any) -> dict[str, Any]:
    made = []
    for tier in TIERS:
        own = identity()
        settings = {
            "dbName": f"${{ANDON_INFLUX_DATABASE}}{tier.suffix}",
            "httpMode": "POST",
            "timeInterval": LEAST_INTERVAL[tier],
            "maxSeries": MOST_SERIES,
        }
        own["jsonData"] = settings | own.get("jsonData", {})
        where = {"type": "influxdb", "access": "proxy", "url": "$ANDON_INFLUX_URL", "editable": False, "orgId": 1}
        made.append({"name": NAMES[tier], "uid": tier.uid, "isDefault": tier is RAW} | where | own)
    return {"apiVersion": 1, "datasources": made}


def _by_user() -> dict[str, Any]:
    return {"user": "$ANDON_INFLUX_USER", "secureJsonData": {"password": "$ANDON_INFLUX_PASSWORD"}}


def _by_token(scheme: str) -> dict[str, Any]:
    header = {"httpHeaderValue1": f"{scheme} $ANDON_INFLUX_TOKEN"}
    return {"jsonData": {"httpHeaderName1": "Authorization"}, "secureJsonData": header}


def _prometheus() -> dict[str, Any]:
    where = {"type": "prometheus", "access": "proxy", "url": "$ANDON_PROMETHEUS_URL", "editable": False, "orgId": 1}
    return {"name": "Andon's metrics", "uid": PROMETHEUS, "jsonData": {"httpMethod": "POST"}} | where


def _provider(folder: str, title: str) -> dict[str, Any]:
    how = {"type": "file", "orgId": 1, "disableDeletion": True, "allowUiUpdates": False, "updateIntervalSeconds": 60}
    return {"name": f"andon-{folder}", "folder": title} | how | {"options": {"path": f"{DASHBOARDS}/{folder}"}}


def _yaml(made: dict[str, Any]) -> str:
    head = "# Made by `just grafana` from deploy/grafana/*.py. Names with a dollar are of Grafana's environment.\n"
    return head + yaml.safe_dump(made, sort_keys=False, allow_unicode=True, width=120)
