"""What was noted by id is told under the name that it has now."""

from andon.alerting.notify.names import present
from andon.common.plant import Asset, Plant, Sensor

SENSOR = Sensor(key="temperature", path="berlin/a/b/gear/temperature")
PLANT = Plant()
PLANT.put(Asset(id="m1", path="berlin/a/b/gear", kind="machine", slug="gear", name="Gear two", sensors=(SENSOR,)))
ALARM = {"sensor": "berlin/a/b/old/temperature", "asset": "berlin/a/b/old", "asset_name": "Gear"}


def test_a_machine_that_was_renamed_is_told_by_its_new_name() -> None:
    told = present({"alarm": ALARM, "sensor_id": "m1/temperature"}, PLANT)
    assert told == {"sensor": SENSOR.path, "asset": "berlin/a/b/gear", "asset_name": "Gear two"}


def test_one_that_is_gone_is_told_as_it_was() -> None:
    assert present({"alarm": ALARM, "sensor_id": "m9/temperature"}, PLANT) == ALARM
