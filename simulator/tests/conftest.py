"""What the simulator's tests share: the demo plant, and a plain MQTT broker that can be killed."""

import pytest

from andon.simulator.plant_file import PlantFile, demo_plant_text, parse_plant


@pytest.fixture(scope="session")
def plant() -> PlantFile:
    return parse_plant(demo_plant_text())
