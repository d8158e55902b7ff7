"""A factory with one press shop, and the sinks its notifications reach."""

from collections.abc import Iterator

import pytest
import pytest_asyncio

from andon.common.testing.factory import Credential, Factory
from andon.common.testing.ports import free_port
from andon.common.testing.sinks import Mailbox, Sink

PLANT = """
types:
  press:
    sensors:
      - {key: state, datatype: string}
      - {key: oil_temperature, name: Oil temperature, unit: Cel, limits: {h: 65, hh: 75}}
      - {key: number}
sites:
  - slug: berlin
    name: Berlin
    areas:
      - slug: pressing
        name: Press shop
        lines:
          - slug: line-1
            machines:
              - {slug: press-1, type: press}
              - {slug: press-2, type: press}
              - {slug: press-3, type: press}
  - slug: munich
    areas:
      - slug: pressing
        lines:
          - slug: line-1
            machines:
              - {slug: press-1, type: press}
"""
PRESS = "berlin/pressing/line-1/press-1"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def device(factory: Factory) -> Credential:
    """A device that speaks for the whole press shop of the module's factory."""
    return await factory.add_device("press shop", "berlin/pressing")


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    """A mail server that listens."""
    made = Mailbox(free_port())
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def hook() -> Iterator[Sink]:
    """An HTTP server that keeps what is posted."""
    made = Sink()
    yield made
    made.stop()
