"""`andon doctor` and an InfluxDB of one's own."""

import re

from andon.cli import doctor
from andon.cli.settings import UpSettings
from andon.common.testing.fixtures import InfluxForTest


def test_an_influxdb_of_ones_own_is_told_by_its_version(influxdb: InfluxForTest) -> None:
    found = [one for one in doctor.running(UpSettings(influx_url=influxdb.settings.url)) if "InfluxDB" in one.text]
    assert [one.mark for one in found] == ["✓"]
    assert re.fullmatch(r"InfluxDB 1\.\S+ \S+ answers", found[0].text)


def test_one_that_does_not_answer_is_told_with_its_setting() -> None:
    found = doctor.influxdb("http://127.0.0.1:1")
    assert found.mark == "✗"
    assert found.text.startswith("InfluxDB at http://127.0.0.1:1: InfluxDB does not answer: ")
    assert "ANDON_INFLUX_URL" in found.advice
