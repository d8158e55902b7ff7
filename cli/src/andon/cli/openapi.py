"""`andon openapi`: each service's OpenAPI description as a file. Nothing is started, nobody is asked."""

import json
import os
from pathlib import Path

from andon.cli.api import create_services
from andon.cli.progress import say
from andon.common import secrets
from andon.common.api import create_sub_app


def write(folder: Path) -> None:
    """Write `<folder>/<service>.json`."""
    for name, value in secrets.generate().items():  # services do not come into being without secrets
        os.environ.setdefault(name, value)
    folder.mkdir(parents=True, exist_ok=True)
    for service in create_services():
        target = folder / f"{service.name}.json"
        target.write_text(json.dumps(create_sub_app(service).openapi(), indent=2, sort_keys=True) + "\n")
        say("✓", str(target))
