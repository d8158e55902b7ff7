"""`python -m andon.query.derive`: rollups and calculated sensors."""

from andon.common import service
from andon.common.settings import load
from andon.query.derive.app import create_app
from andon.query.derive.settings import DeriveSettings

NICE = 10
"""What comes in and what people look at goes before what is made of it; but it is back at once after a kill."""

if __name__ == "__main__":
    settings = load(DeriveSettings)
    service.run("derive", create_app, host=settings.host, port=settings.port, nice=NICE)
