import sys

from andon.alerting.app import create_app
from andon.alerting.settings import AlertingSettings
from andon.common import service
from andon.common.errors import SetupError
from andon.common.settings import load


def main() -> None:
    """Run alerting alone."""
    try:
        settings = load(AlertingSettings)
    except SetupError as error:
        sys.exit(f"alerting: {error} {error.hint}")
    service.run("alerting", create_app, host=settings.host, port=settings.port)


if __name__ == "__main__":
    main()
