"""A service that cannot start says why in a sentence, and ends."""

import subprocess
import sys

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
