"""`andon api`: registry, query, alerting, ingest's HTTP side and the web pages in one process, on one port."""

from fastapi import FastAPI

from andon.cli.settings import UpSettings
from andon.common import service
from andon.common.api import Service, create_front


def create_services() -> list[Service]:
    """The services of the one-machine edition, as their own composition roots make them."""
    from andon.alerting.app import create_service as alerting  # noqa: PLC0415 - heavy, and only this process needs them
    from andon.ingest.app import create_http_service as ingest  # noqa: PLC0415
    from andon.query.app import create_service as query  # noqa: PLC0415
    from andon.registry.app import create_service as registry  # noqa: PLC0415

    return [registry(), query(), alerting(), ingest()]


def create_app() -> FastAPI:
    """All services behind one front, and the pages on every other path."""
    from andon.cli import pages  # noqa: PLC0415

    front = create_front(*create_services())
    pages.mount(front, pages.DIST)
    return front


def run(settings: UpSettings) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    service.run("api", create_app, host=settings.host, port=settings.port)
