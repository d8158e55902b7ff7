"""Proxy: nginx as the ingress controller sets it up: no affinity, the next process where one cannot be reached.

Which paths lead to which service stands in the Helm chart alone.
"""

import os
from pathlib import Path

import yaml
from helm_python import Chart

from andon.common.servers.process import ServerProcess, find_program
from andon.common.testing.ports import is_open

CHART = Path(__file__).resolve().parents[2] / "deploy" / "k8s" / "andon"

IN_FOLDER = """
daemon off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
"""
"""How each nginx of the tests begins: all that it writes lies in a folder of its own. What is of `http` follows."""
CONFIG = (
    """
{user}
worker_processes 1;
"""
    + IN_FOLDER
    + """
  map $http_upgrade $connection_upgrade {{ default upgrade; "" ""; }}
  proxy_http_version 1.1;
  proxy_set_header Host $http_host;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Proto $scheme;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $connection_upgrade;
  proxy_connect_timeout 5s;
  proxy_read_timeout 60s;
  proxy_send_timeout 60s;
  proxy_buffering off;
  proxy_next_upstream error timeout;
  proxy_next_upstream_tries 3;
{upstreams}
  server {{
    listen 127.0.0.1:{port};
{locations}
  }}
}}
"""
)
UPSTREAM = "  upstream {name} {{ {servers} keepalive 320; keepalive_timeout 60s; }}"
SERVER = "server 127.0.0.1:{port} max_fails=0;"
LOCATION = "    location {match} {{ proxy_pass http://{name}; }}"


def proxy(folder: Path, port: int, ports: dict[str, list[int]]) -> ServerProcess:
    """nginx in front of the services, whose processes listen on these ports; not yet started."""
    folder.mkdir(parents=True)
    upstreams = [
        UPSTREAM.format(name=name, servers=" ".join(SERVER.format(port=one) for one in several))
        for name, several in ports.items()
    ]
    locations = [LOCATION.format(match=match, name=name) for path, name in routes().items() for match in matches(path)]
    (folder / "nginx.conf").write_text(
        CONFIG.format(
            folder=folder,
            port=port,
            user="user root;" if os.geteuid() == 0 else "",
            upstreams="\n".join(upstreams),
            locations="\n".join(locations),
        )
    )
    command = [
        find_program("nginx", "ANDON_NGINX"),
        "-e",
        "stderr",
        "-p",
        str(folder),
        "-c",
        str(folder / "nginx.conf"),
    ]
    return ServerProcess("proxy", command, folder.parent / "logs" / "proxy.log", lambda: is_open(port))


def routes() -> dict[str, str]:
    """Path -> service, of the chart's Ingress."""
    rendered = Chart.load(str(CHART)).render({"ingress": {"enabled": True}}, name="andon", namespace="andon")
    [rule] = yaml.safe_load(rendered["andon/templates/network/ingress.yaml"])["spec"]["rules"]
    paths = rule["http"]["paths"]
    assert {path["pathType"] for path in paths} == {"Prefix"}, "nginx is told of prefixes alone"
    return {path["path"]: path["backend"]["service"]["name"].removeprefix("andon-") for path in paths}


def matches(path: str) -> list[str]:
    """What nginx is told of a path of type Prefix: the path itself, and what lies below it."""
    return [f"= {path}", f"{path}/"] if path != "/" else ["/"]
