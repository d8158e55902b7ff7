"""A Secret of Kubernetes, made or completed by a pod, against a small stand-in of the API server."""

import base64
import copy
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from andon.cli import kubernetes
from andon.cli.kubernetes import ApiServer
from andon.cli.secrets import JWKS, missing
from andon.common.errors import SetupError

PATH = "/api/v1/namespaces/plant/secrets"


class StandIn:
    """As much of the API server as one Secret needs: names, versions, merge patches, rights.

    rights: verbs the service account has. before: called with each request, so that others can come in between.
    """

    def __init__(self) -> None:
        self.secrets: dict[str, dict[str, Any]] = {}
        self.rights = {"create", "get", "patch"}
        self.asked: list[tuple[str, str]] = []
        self.before: Callable[[httpx.Request], None] = lambda _: None
        self._one = threading.Lock()
        self._version = 0

    def client(self) -> ApiServer:
        http = httpx.Client(base_url="https://10.0.0.1:443", transport=httpx.MockTransport(self.answer))
        return ApiServer(http, "plant")

    def put(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        self._version += 1
        body["metadata"]["resourceVersion"] = str(self._version)
        self.secrets[name] = body
        return body

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.before(request)
        with self._one:
            self.asked.append((request.method, request.url.path))
            verb = {"GET": "get", "POST": "create", "PATCH": "patch"}[request.method]
            if verb not in self.rights:
                return _status(403, f'secrets is forbidden: cannot {verb} resource "secrets"')
            return getattr(self, f"_{verb}")(request)

    def _get(self, request: httpx.Request) -> httpx.Response:
        found = self.secrets.get(request.url.path.removeprefix(f"{PATH}/"))
        return httpx.Response(200, json=found) if found else _status(404, "not found")

    def _create(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path == PATH
        body = json.loads(request.content)
        if body["metadata"]["name"] in self.secrets:
            return _status(409, "already exists")
        return httpx.Response(201, json=self.put(body["metadata"]["name"], body))

    def _patch(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["content-type"] == "application/merge-patch+json"
        name, body = request.url.path.removeprefix(f"{PATH}/"), json.loads(request.content)
        found = copy.deepcopy(self.secrets.get(name))
        if found is None:
            return _status(404, "not found")
        if found.get("immutable"):
            return _status(422, "field is immutable when `immutable` is set")
        if body["metadata"]["resourceVersion"] != found["metadata"]["resourceVersion"]:
            return _status(409, "the object has been modified")
        found["data"] = {**(found.get("data") or {}), **body["data"]}
        return httpx.Response(200, json=self.put(name, found))

    def values(self, name: str) -> dict[str, str]:
        return {k: base64.b64decode(v).decode() for k, v in self.secrets[name]["data"].items()}


def _status(code: int, message: str) -> httpx.Response:
    return httpx.Response(code, json={"kind": "Status", "message": message, "code": code})


def _secret(name: str, values: dict[str, str]) -> dict[str, Any]:
    data = {k: base64.b64encode(v.encode()).decode() for k, v in values.items()}
    return {"kind": "Secret", "metadata": {"name": name}, "data": data}


@pytest.fixture
def server() -> StandIn:
    return StandIn()


def test_a_secret_is_made_once_and_then_left_alone(server: StandIn) -> None:
    made = server.client().complete("andon")
    first = copy.deepcopy(server.secrets["andon"])
    assert first["type"] == "Opaque"
    assert set(server.values("andon")) == set(made) == missing({}).keys()
    assert missing(server.values("andon")) == {}
    assert server.client().complete("andon") == []
    assert server.secrets["andon"] == first
    assert [method for method, _ in server.asked] == ["GET", "POST", "GET"]


def test_a_half_filled_secret_is_completed_around_what_is_there(server: StandIn) -> None:
    server.put("andon", _secret("andon", {"POSTGRES_PASSWORD": "of old", "TLS_KEY": "mine\n"}))
    made = server.client().complete("andon")
    values = server.values("andon")
    assert values["POSTGRES_PASSWORD"] == "of old"
    assert values["TLS_KEY"] == "mine\n"
    assert "POSTGRES_PASSWORD" not in made
    assert missing(values) == {}


def test_an_empty_secret_without_data_is_filled(server: StandIn) -> None:
    server.put("andon", {"kind": "Secret", "metadata": {"name": "andon"}})
    server.client().complete("andon")
    assert missing(server.values("andon")) == {}


def test_who_is_overtaken_while_it_makes_takes_what_the_other_made(server: StandIn) -> None:
    other = _secret("andon", missing({}))

    def overtake(request: httpx.Request) -> None:
        if request.method == "POST" and "andon" not in server.secrets:
            server.put("andon", other)

    server.before = overtake
    assert server.client().complete("andon") == []
    assert server.secrets["andon"] is other


def test_who_is_overtaken_while_it_completes_looks_again(server: StandIn) -> None:
    server.put("andon", _secret("andon", {"POSTGRES_PASSWORD": "of old"}))

    def overtake(request: httpx.Request) -> None:
        if request.method == "PATCH" and "GF_SECURITY_SECRET_KEY" not in server.values("andon"):
            server.put("andon", _secret("andon", {**server.values("andon"), "GF_SECURITY_SECRET_KEY": "theirs"}))

    server.before = overtake
    made = server.client().complete("andon")
    assert "GF_SECURITY_SECRET_KEY" not in made
    assert server.values("andon")["GF_SECURITY_SECRET_KEY"] == "theirs"
    assert missing(server.values("andon")) == {}


def test_a_secret_that_is_removed_in_between_is_made(server: StandIn) -> None:
    server.put("andon", _secret("andon", {"POSTGRES_PASSWORD": "of old"}))

    def remove(request: httpx.Request) -> None:
        if request.method == "PATCH":
            server.secrets.clear()

    server.before = remove
    server.client().complete("andon")
    assert missing(server.values("andon")) == {}


def test_jobs_at_once_agree_on_one_secret(server: StandIn) -> None:
    made: list[list[str]] = []
    both = threading.Barrier(4, timeout=20)

    def first_look(request: httpx.Request) -> None:
        if len(server.asked) < 4 and request.method == "GET" and "andon" not in server.secrets:
            both.wait()

    server.before = first_look
    jobs = [threading.Thread(target=lambda: made.append(server.client().complete("andon"))) for _ in range(4)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert sorted(map(bool, made)) == [False, False, False, True]
    assert missing(server.values("andon")) == {}


def test_one_that_is_changed_all_the_time_is_given_up(server: StandIn) -> None:
    def overtake(request: httpx.Request) -> None:
        if request.method == "PATCH":
            server.put("andon", server.secrets["andon"])

    server.put("andon", _secret("andon", {}))
    server.before = overtake
    with pytest.raises(SetupError, match="changed all the time"):
        server.client().complete("andon")


@pytest.mark.parametrize("missing_right", ["get", "create", "patch"])
def test_a_missing_right_is_named_with_what_to_grant(server: StandIn, missing_right: str) -> None:
    server.rights.remove(missing_right)
    if missing_right == "patch":
        server.put("andon", _secret("andon", {}))
    with pytest.raises(SetupError, match=f"cannot {missing_right}") as error:
        server.client().complete("andon")
    assert "'get' and 'patch' of andon, in plant" in error.value.hint


def test_an_immutable_secret_that_lacks_something_is_an_error_in_the_servers_words(server: StandIn) -> None:
    server.put("andon", {**_secret("andon", {}), "immutable": True})
    with pytest.raises(SetupError, match="immutable"):
        server.client().complete("andon")


def test_what_does_not_belong_together_is_not_touched(server: StandIn) -> None:
    whole = _secret("andon", {**missing({}), JWKS: '{"keys":[]}'})
    server.put("andon", whole)
    with pytest.raises(SetupError, match="does not belong"):
        server.client().complete("andon")
    assert server.asked == [("GET", f"{PATH}/andon")]


def test_a_server_that_does_not_answer_is_named() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route to host", request=request)

    http = httpx.Client(base_url="https://10.0.0.1:443", transport=httpx.MockTransport(refuse))
    with pytest.raises(SetupError, match=r"does not answer at https://10\.0\.0\.1.*no route to host") as error:
        ApiServer(http, "plant").complete("andon")
    assert "network policy" in error.value.hint


def test_outside_a_pod_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    with pytest.raises(SetupError, match="no service account") as error:
        ApiServer.of_pod("", tmp_path)
    assert "--out" in error.value.hint


def test_a_pod_asks_with_its_token_in_its_namespace(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "fd00::1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "6443")
    monkeypatch.setattr(kubernetes.ssl, "create_default_context", lambda cafile: cafile == str(tmp_path / "ca.crt"))
    (tmp_path / "token").write_text("of the pod\n")
    (tmp_path / "namespace").write_text("plant")
    with ApiServer.of_pod("", tmp_path) as server:
        assert server.namespace == "plant"
        assert str(server._http.base_url) == "https://[fd00::1]:6443"
        assert server._http.headers["authorization"] == "Bearer of the pod"
