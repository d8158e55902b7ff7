"""`python -m andon.ingest`: the pipeline, and its routes on a port of their own."""

from andon.common.service import run
from andon.common.settings import load
from andon.ingest.app import create_app
from andon.ingest.settings import IngestSettings


def main() -> None:
    """Run ingest."""
    settings = load(IngestSettings)
    run("ingest", create_app, host=settings.host, port=settings.port)


if __name__ == "__main__":
    main()
