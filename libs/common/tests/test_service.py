"""A service that cannot start says why in a sentence, and ends; who the caller is, only trusted proxies may say."""

import subprocess
import sys

import httpx
import pytest
from fastapi import FastAPI, Request

from andon.common.errors import SetupError
from andon.common.service import configured

SCRIPT = """
from contextlib import asynccontextmanager
from fastapi import FastAPI
from andon.common import service
from andon.common.errors import SetupError

@asynccontextmanager
async def lifespan(app):
    raise SetupError("The database is no database.", "Name another: ANDON_X.")
    yield

def refuse():
    raise SetupError("There is no secret.", "Set ANDON_Y.")

service.run("demo", {create}, host="127.0.0.1", port=0)
"""


def ended(create: str) -> tuple[int, str]:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT.replace("{create}", create)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return ran.returncode, ran.stdout + ran.stderr


def test_before_its_jobs_begin() -> None:
    status, said = ended("refuse")
    assert status != 0
    assert "There is no secret. Set ANDON_Y." in said
    assert "Traceback" not in said


def test_while_its_jobs_begin() -> None:
    status, said = ended("lambda: FastAPI(lifespan=lifespan)")
    assert status != 0
    assert "The database is no database. Name another: ANDON_X." in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "trusted", ["*", "0.0.0.0/0", "10.0.0.0/8, ::/0", "0.0.0.0/1, 128.0.0.0/1", "proxy.example.com"]
)
def test_nobody_says_that_everybody_is_a_proxy_of_theirs(monkeypatch: pytest.MonkeyPatch, trusted: str) -> None:
    monkeypatch.setenv("ANDON_TRUSTED_PROXIES", trusted)
    with pytest.raises(SetupError, match="ANDON_TRUSTED_PROXIES"):
        configured(FastAPI(), host="127.0.0.1", port=0)


@pytest.mark.parametrize(
    ("trusted", "seen"),
    [("", "10.0.0.7"), ("10.0.0.0/8, 192.168.0.1", "1.2.3.4"), ("10.1.0.0/16", "10.0.0.7")],
)
async def test_a_proxy_says_who_calls_if_it_is_trusted(
    monkeypatch: pytest.MonkeyPatch, trusted: str, seen: str
) -> None:
    monkeypatch.setenv("ANDON_TRUSTED_PROXIES", trusted)
    app = FastAPI()

    @app.get("/")
    async def who(request: Request) -> str:
        return request.client.host if request.client else ""

    config = configured(app, host="127.0.0.1", port=0)
    config.load()
    transport = httpx.ASGITransport(config.loaded_app, client=("10.0.0.7", 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://andon.test") as http:
        assert (await http.get("/", headers={"X-Forwarded-For": "1.2.3.4"})).json() == seen
