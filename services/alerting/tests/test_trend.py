"""The trend in a mail: a picture of the last hour with the limit and the alarm, or none, but never a delay."""

import asyncio
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from andon.alerting.couriers import album, trend
from andon.alerting.couriers.album import TrendAlbum, thread
from andon.alerting.couriers.email import DARK, LIGHT
from andon.alerting.couriers.zones import zone_of
from andon.common.history.history import History
from andon.common.influx import Influx
from andon.common.plant import Asset, Plant, Sensor
from andon.common.reading import NS_PER_S
from andon.common.settings import InfluxSettings

from .courier_words import single

END = 1_790_000_000 * NS_PER_S
MINUTE = 60 * NS_PER_S
LOOK = trend.light("#a84f00")


def picture(times: Any, values: Any, **more: Any) -> Image.Image:
    given_ = {"end": END, "limits": [80.0], "since": END - 5 * MINUTE, "theme": LOOK} | more
    png = trend.draw(np.array(times, np.int64), np.array(values, float), **given_)
    return Image.open(BytesIO(png)).convert("RGB")


def amount(image: Image.Image, colour: str) -> int:
    """How many pixels are about of a colour."""
    wanted = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])
    return int((np.abs(np.asarray(image).astype(int) - wanted).max(axis=2) < 40).sum())


HOUR = [END - minute * MINUTE for minute in range(59, -1, -1)]


def test_the_picture_shows_the_values_the_limit_and_the_alarm() -> None:
    made = picture(HOUR, np.linspace(70, 85, 60), unit="°C", zone=ZoneInfo("Europe/Berlin"))
    assert made.size == (trend.SHOWN[0] * 2, trend.SHOWN[1] * 2)
    assert amount(made, LOOK.line) > 1000
    assert amount(made, LOOK.edge) > 500
    without = picture(HOUR, np.linspace(70, 85, 60), limits=[], since=0)
    assert amount(without, LOOK.edge) == 0


def test_a_gap_is_not_bridged() -> None:
    whole = picture(HOUR, np.full(60, 70.0), limits=[])
    holed = picture(HOUR[:20] + HOUR[40:], np.full(40, 70.0), limits=[])
    assert amount(holed, LOOK.line) < amount(whole, LOOK.line) * 0.8


@given(
    st.lists(st.floats(-1e299, 1e299), min_size=1, max_size=20),
    st.lists(st.floats(-1e299, 1e299), max_size=2),
    st.text(max_size=30),
)
def test_whatever_comes_is_drawn(values: list[float], limits: list[float], unit: str) -> None:
    assert picture(HOUR[: len(values)], values, limits=limits, unit=unit).size[0] > 0


def test_a_peak_of_one_sample_is_not_lost() -> None:
    starts = np.array([END - 30 * NS_PER_S, END - 15 * NS_PER_S], np.int64)
    times, values = thread(starts, np.array([1.0, 1.0]), np.array([1.0, 99.0]), END)
    assert values.tolist() == [1.0, 1.0, 1.0, 99.0]
    assert (np.diff(times) > 0).all()


def plant(datatype: Any = "float") -> Plant:
    made, path = Plant(), "berlin/painting/line-1/robot-3"
    made.put(Asset(id="b", path="berlin", kind="site", slug="b", name="B", labels={"timezone": "Europe/Berlin"}))
    sensor = Sensor(key="temperature", path=f"{path}/temperature", unit="Cel", datatype=datatype)
    made.put(Asset(id="r", path=path, kind="machine", slug="r", name="R", type="robot", sensors=(sensor,)))
    return made


def test_a_place_has_the_clock_of_its_site() -> None:
    assert zone_of(plant(), "berlin/painting/line-1/robot-3") == ZoneInfo("Europe/Berlin")
    assert zone_of(plant(), "oslo/line-1") is None
    wrong = Plant()
    wrong.put(Asset(id="b", path="b", kind="site", slug="b", name="B", labels={"timezone": "Nowhere/../etc"}))
    assert zone_of(wrong, "b") is None


async def test_without_influxdb_there_is_no_picture() -> None:
    influx = Influx(InfluxSettings(url="http://127.0.0.1:9"))
    made = TrendAlbum(plant(), History(influx), lambda _: None)
    assert await made.pictures(single()["alarm"]) == {}
    await influx.aclose()


async def test_an_influxdb_that_hangs_delays_no_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(album, "READ_SECONDS", 0.1)
    gone = asyncio.Event()

    async def say_nothing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await gone.wait()
        writer.close()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as server:
        influx = Influx(InfluxSettings(url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"))
        made = TrendAlbum(plant(), History(influx), lambda _: None)
        assert await made.pictures(single()["alarm"]) == {}
        gone.set()
        await influx.aclose()


@pytest.mark.parametrize("datatype", ["bool", "string"])
async def test_a_switch_has_no_trend(datatype: str) -> None:
    influx = Influx(InfluxSettings(url="http://127.0.0.1:9"))
    assert await TrendAlbum(plant(datatype), History(influx), lambda _: None).pictures(single()["alarm"]) == {}
    await influx.aclose()


async def test_what_influxdb_has_of_the_last_hour_is_drawn(influx: Influx) -> None:
    at = END - 10 * MINUTE
    lines = [f"robot,asset=r temperature={70 + n} {at + n * MINUTE}" for n in range(10)]
    await influx.write("\n".join(lines).encode())
    made = TrendAlbum(plant(), History(influx), lambda _: None)
    [asset] = [asset for asset in plant() if asset.kind == "machine"]
    times, values = await made.read(asset, "temperature", END)
    assert (float(values.min()), float(values.max())) == (70.0, 79.0)
    assert (np.diff(times) > 0).all()
    alarm = single(late=True, since=f"{np.datetime64(END - 5 * MINUTE, 'ns')}"[:23] + "Z")["alarm"]
    pictures = await made.pictures(alarm)
    assert set(pictures) == {LIGHT, DARK}
    assert all(png.startswith(b"\x89PNG") for png in pictures.values())
