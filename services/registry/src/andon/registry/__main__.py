"""`python -m andon.registry`: the registry alone."""

import sys

from andon.common import service
from andon.common.errors import SetupError
from andon.common.settings import load
from andon.registry.app import create_app
from andon.registry.settings import RegistrySettings

if __name__ == "__main__":
    try:
        settings = load(RegistrySettings)
    except SetupError as error:
        sys.exit(f"registry: {error} {error.hint}")
    service.run("registry", create_app, host=settings.host, port=settings.port)
