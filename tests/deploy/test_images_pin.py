"""`just pin-images` writes down what a registry says; here a small one that speaks the API of all of them."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import CliRunner, Result
from typing_extensions import override

from deploy.docker import pin, references

ROOT = Path(__file__).parents[2]
INDEX = "application/vnd.oci.image.index.v1+json"


def index(*architectures: str) -> bytes:
    """What a registry has for a tag: an image a platform, and what is told of them beside."""
    platforms = [{"os": "linux", "architecture": one} for one in architectures]
    platforms.append({"os": "unknown", "architecture": "unknown"})
    return json.dumps(
        {"schemaVersion": 2, "mediaType": INDEX, "manifests": [{"platform": p} for p in platforms]}
    ).encode()


class Registry(ThreadingHTTPServer):
    """Of public images: it wants a token, and gives one to everybody who asks for the right thing."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.name = f"127.0.0.1:{self.server_port}"
        self.manifests = {"library/debian:bookworm-slim": index("amd64", "arm64", "s390x")}
        self.says: str | None = None
        """A digest that it tells, whatever it sends."""
        self.private = False


class Answering(BaseHTTPRequestHandler):
    server: Registry

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if asked.path == "/token":
            (scope,) = parse_qs(asked.query)["scope"]
            return self.answer(200, json.dumps({"token": f"for {scope}"}).encode())
        name, _, tag = asked.path.removeprefix("/v2/").partition("/manifests/")
        if self.headers["Authorization"] != f"Bearer for repository:{name}:pull":
            realm = f'realm="http://{self.server.name}/token",service="registry",scope="repository:{name}:pull"'
            kind = 'Basic realm="ours"' if self.server.private else f"Bearer {realm}"
            return self.answer(401, b"{}", **{"WWW-Authenticate": kind})
        body = self.server.manifests.get(f"{name}:{tag}")
        if body is None:
            return self.answer(404, b"{}")
        digest = self.server.says or sha256(body)
        kind = INDEX if INDEX in self.headers["Accept"] else "application/vnd.oci.image.manifest.v1+json"
        return self.answer(200, body, **{"Content-Type": kind, "Docker-Content-Digest": digest})

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads it."""


def sha256(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry() as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def checkout(tmp_path: Path, registry: Registry) -> Path:
    """One whose images are all of that registry: the recipe as it is, with another base, and two files of compose."""
    for name in pin.PLACES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("services:\n  ours:\n    image: andon-query:0.1.0\n")
    recipe = tmp_path / "deploy/docker/Dockerfile"
    shutil.copyfile(ROOT / "deploy/docker/Dockerfile", recipe)
    recipe.write_text(references.BASE.sub(f"ARG BASE={registry.name}/library/debian:bookworm-slim", recipe.read_text()))
    return tmp_path


def run(checkout: Path, *words: str) -> Result:
    return CliRunner().invoke(pin.app, ["--root", str(checkout), *words])


def base(checkout: Path) -> str:
    (line,) = [one for one in (checkout / "deploy/docker/Dockerfile").read_text().splitlines() if "ARG BASE=" in one]
    return line


def test_the_base_gets_the_digest_of_its_tag_and_nothing_else_changes(checkout: Path, registry: Registry) -> None:
    before = (checkout / "deploy/docker/Dockerfile").read_text()
    unpinned = run(checkout, "--check")
    assert unpinned.exit_code == 1
    assert f"No digest: {registry.name}/library/debian:bookworm-slim in deploy/docker/Dockerfile." in unpinned.output
    assert run(checkout).exit_code == 0
    digest = sha256(registry.manifests["library/debian:bookworm-slim"])
    assert base(checkout) == f"ARG BASE={registry.name}/library/debian:bookworm-slim@{digest}"
    assert (checkout / "deploy/docker/Dockerfile").read_text().replace(f"@{digest}", "") == before
    assert run(checkout, "--check").exit_code == 0


def test_a_tag_that_was_moved_is_followed(checkout: Path, registry: Registry) -> None:
    run(checkout)
    registry.manifests["library/debian:bookworm-slim"] = moved = index("arm64", "amd64")
    run(checkout)
    assert base(checkout).endswith(f":bookworm-slim@{sha256(moved)}")


def test_images_of_compose_are_pinned_once_each_and_ours_are_left_alone(checkout: Path, registry: Registry) -> None:
    registry.manifests["acme/store:1.8"] = index("amd64", "arm64")
    compose = checkout / "deploy/compose/compose.yaml"
    compose.write_text(compose.read_text() + f"  store:\n    image: {registry.name}/acme/store:1.8\n" * 2)
    assert run(checkout).exit_code == 0
    pinned = f"image: {registry.name}/acme/store:1.8@{sha256(index('amd64', 'arm64'))}\n"
    assert compose.read_text().count(pinned) == 2
    assert "image: andon-query:0.1.0\n" in compose.read_text()


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        ({"manifests": {}}, "answers 404"),
        ({"manifests": {"library/debian:bookworm-slim": index("amd64")}}, "is not there for linux/arm64"),
        ({"says": "sha256:" + "0" * 64}, "the registry speaks of sha256:0000"),
        ({"private": True}, "wants a password"),
    ],
)
def test_what_cannot_be_trusted_is_refused_by_its_name_and_nothing_is_written(
    checkout: Path, registry: Registry, trouble: dict[str, Any], told: str
) -> None:
    for name, value in trouble.items():
        setattr(registry, name, value)
    before = base(checkout)
    result = run(checkout)
    assert f"{registry.name}/library/debian:bookworm-slim" in result.output
    assert told in result.output
    assert base(checkout) == before


@pytest.mark.parametrize(
    ("name", "means"),
    [
        ("nats", "docker.io/library/nats:1"),
        ("grafana/grafana", "docker.io/grafana/grafana:1"),
        ("docker.io/library/debian", "docker.io/library/debian:1"),
        ("docker.io/nats", "docker.io/library/nats:1"),
        ("localhost:5000/nats", "localhost:5000/nats:1"),
        ("registry.example.com/factory/nats", "registry.example.com/factory/nats:1"),
    ],
)
def test_names_mean_what_they_mean_to_docker(name: str, means: str) -> None:
    assert str(references.reference(name, "1")) == means
