"""The examples of docs/how-to/put-a-proxy-in-front.md, taken out of the page, in the real nginx."""

import re
import ssl
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import orjson
import pytest
import pytest_asyncio
from tests.deploy.certificate import certificate
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from andon.common.servers.process import ServerProcess, find_program
from andon.common.testing.factory import Factory
from andon.common.testing.ports import free_port, is_open

from .proxy import IN_FOLDER, routes

PAGE = (Path(__file__).resolve().parents[2] / "docs/how-to/put-a-proxy-in-front.md").read_text()
AROUND = IN_FOLDER + "  include {folder}/andon.conf;\n}}\n"
PORTS = {"ingest": 8001, "registry": 8002, "query": 8003, "alerting": 8004, "web": 8000}
LARGE = b"time,berlin/pressing/line-1/press-1/number\n" + b"x" * 5_000_000
"""Five times what nginx takes where nobody says more, and more than any route takes but those for files."""


def blocks(language: str) -> list[str]:
    """The examples in a language, in their order."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def one_machine() -> str:
    """The whole file."""
    return blocks("nginx")[0]


def apart() -> str:
    """The whole file, with what is to be put at its top, and its last line exchanged."""
    whole, top, instead, *_ = blocks("nginx")
    [last] = re.findall(r"(?m)^    location / .*$", whole)
    return top + whole.replace(last, instead.strip("\n"))


def command(folder: Path, config: str) -> list[str]:
    """nginx with this file, certificates and all."""
    folder.mkdir(parents=True, exist_ok=True)
    certificate(folder)
    written = config.replace("/etc/nginx/tls/andon.", f"{folder}/tls.")
    (folder / "andon.conf").write_text(written)
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder))
    return [find_program("nginx", "ANDON_NGINX"), "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]


@dataclass
class Front:
    """nginx in front of an Andon, and who asks through it; plain is the port that leads on to TLS."""

    factory: Factory
    http: httpx.AsyncClient
    port: int
    plain: int
    trust: ssl.SSLContext


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def front(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Front]:
    """`andon up` as the page sets it, behind the page's nginx."""
    folder = tmp_path_factory.mktemp("front")
    told = {"ANDON_TRUSTED_PROXIES": "127.0.0.1", "ANDON_HOST": "127.0.0.1"}
    factory, port, plain = Factory(folder / "andon", environment=told), free_port(), free_port()
    config = one_machine().replace("listen 80;", f"listen 127.0.0.1:{plain};")
    config = config.replace("listen 443 ", f"listen 127.0.0.1:{port} ").replace(":8000;", f":{factory.port};")
    started = command(folder / "nginx", config)
    nginx = ServerProcess("proxy", started, folder / "proxy.log", lambda: is_open(port))
    trust = ssl.create_default_context()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    async with factory:
        nginx.start()
        try:
            headers = {"Authorization": f"Bearer {factory.token}"}
            async with httpx.AsyncClient(base_url=f"https://127.0.0.1:{port}", verify=trust, headers=headers) as http:
                yield Front(factory, http, port, plain, trust)
        finally:
            nginx.stop()


@pytest.mark.parametrize("config", [one_machine(), apart()], ids=["one machine", "apart"])
def test_nginx_takes_the_example(config: str, tmp_path: Path) -> None:
    done = subprocess.run([*command(tmp_path, config), "-t"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr.replace('the "user" directive', "")


def test_paths_lead_where_the_ingress_leads_them() -> None:
    """In nginx and in Caddy."""
    wanted = {path: service for path, service in routes().items() if path != "/"}
    top = blocks("nginx")[1]
    assert dict(re.findall(r"~\^(\S+)\(/\|\$\) +andon_(\w+);", top)) == wanted
    assert re.findall(r"default +andon_(\w+);", top) == ["web"]
    assert {name: int(port) for name, port in re.findall(r"upstream andon_(\w+) .*:(\d+); keep", top)} == PORTS
    caddy = blocks("caddy")[1]
    matched = {path: name for name, paths in re.findall(r"@(\w+) path (.*)", caddy) for path in paths.split()}
    assert matched == {f"{path}{end}": name for path, name in wanted.items() for end in ("", "/*")}
    led = {name: int(port) for name, port in re.findall(r"reverse_proxy @(\w+) .*:(\d+)\n", caddy)}
    assert led == {name: port for name, port in PORTS.items() if name != "web"}


@pytest.mark.asyncio(loop_scope="module")
async def test_who_comes_in_plain_is_led_to_tls(front: Front) -> None:
    async with httpx.AsyncClient() as http:
        answer = await http.get(f"http://127.0.0.1:{front.plain}/alarms?state=active")
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://127.0.0.1/alarms?state=active")


@pytest.mark.asyncio(loop_scope="module")
async def test_pages_and_health_are_there_and_metrics_are_not(front: Front) -> None:
    told = {path: (await front.http.get(path)).status_code for path in ("/", "/healthz", "/readyz", "/metrics")}
    assert told == {"/": 200, "/healthz": 200, "/readyz": 200, "/metrics": 404}
    assert (await front.factory.http.get("/metrics")).status_code == 200, "so that it matters"


@pytest.mark.asyncio(loop_scope="module")
async def test_andon_knows_that_people_come_by_tls(front: Front) -> None:
    form = {"username": "admin", "password": (front.factory.folder / "admin-password").read_text().strip()}
    secure, plain = [
        (await http.post("/api/registry/v1/auth/token", data=form)).headers["Set-Cookie"]
        for http in (front.http, front.factory.http)
    ]
    assert "Secure" in secure
    assert "Secure" not in plain


@pytest.mark.asyncio(loop_scope="module")
async def test_live_values_come_to_pages_of_this_host_alone(front: Front) -> None:
    address = f"wss://127.0.0.1:{front.port}/api/query/v1/live"
    own = f"https://127.0.0.1:{front.port}"
    async with connect(address, ssl=front.trust, origin=own, proxy=None) as page:  # type: ignore[arg-type]
        await page.send(orjson.dumps({"op": "auth", "token": front.factory.token}).decode())
        await page.send(orjson.dumps({"op": "subscribe", "under": []}).decode())
        assert "samples" in orjson.loads(await page.recv(decode=False))
    with pytest.raises(InvalidStatus, match="403"):
        async with connect(address, ssl=front.trust, origin="https://evil.example", proxy=None):  # type: ignore[arg-type]
            pass


@pytest.mark.asyncio(loop_scope="module")
async def test_a_stream_says_its_first_word_before_it_ends(front: Front) -> None:
    async with front.http.stream("GET", "/api/alerting/v1/alarms/stream") as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert await anext(answer.aiter_lines()) == ": connected"


@pytest.mark.asyncio(loop_scope="module")
async def test_a_file_to_import_is_let_through(front: Front) -> None:
    answer = await front.http.post("/api/ingest/v1/imports?name=large.csv&dry_run=true", content=LARGE)
    assert answer.status_code != 413, answer.text
    assert "nginx" not in answer.text, "Andon answers, whatever it thinks of the file"
