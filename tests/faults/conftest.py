"""One scene a module: an `andon up` under load, its network, its alarms, and who watches it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from soak.scene import Scene


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    async with Scene(tmp_path_factory.mktemp("scene")) as made:
        yield made
