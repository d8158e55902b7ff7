"""Album: the trend of an alarm's sensor, read from InfluxDB and drawn. A mail waits three seconds for it, no longer.

Each quarter of a minute gives its least and its greatest value, so that a short peak, the very reason of an alarm, is
in the picture however many samples there are.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from time import time_ns
from typing import Any

import numpy as np

from andon.alerting.couriers import trend
from andon.alerting.couriers.email import DARK, LIGHT
from andon.alerting.couriers.tones import TONES
from andon.alerting.rules.words import unit_text
from andon.common import logs
from andon.common.errors import AndonError
from andon.common.history.history import History
from andon.common.history.span import Span
from andon.common.history.stored import parts
from andon.common.influx import quote_identifier
from andon.common.plant import Asset, Plant
from andon.common.reading import NS_PER_S
from andon.common.times import datetime_to_ns

log = logs.get("alerting.album")

READ_SECONDS = 3.0
HOUR = 3600 * NS_PER_S
WIDTH = 15 * NS_PER_S
AFTER = 300 * NS_PER_S
"""How much of what follows is shown of an alarm that became known late."""


class TrendAlbum:
    """Draws what InfluxDB has of the last hour. zone_of: the clock of a place, by its path."""

    def __init__(self, plant: Plant, history: History, zone_of: Callable[[str], tzinfo | None]) -> None:
        self._plant = plant
        self._history = history
        self._zone_of = zone_of

    async def pictures(self, alarm: Mapping[str, Any]) -> Mapping[str, bytes]:
        """PNG by theme; nothing for a switch, an unknown sensor, or when InfluxDB does not answer in time."""
        found = self._plant.find_sensor(alarm["sensor"])
        if found is None or found[1].datatype != "float":
            return {}
        since = datetime_to_ns(datetime.fromisoformat(alarm["since"]))
        end = since + AFTER if alarm.get("late") else time_ns()
        try:
            async with asyncio.timeout(READ_SECONDS):
                times, values = await self.read(found[0], found[1].key, end)
                return await asyncio.to_thread(self._paint, alarm, times, values, since, end)
        except (AndonError, TimeoutError) as error:
            log.debug("a mail goes without its trend", sensor=alarm["sensor"], error=str(error) or "no answer in time")
        except (ArithmeticError, ValueError):  # a fault in a picture must not hold up the message it belongs to
            log.exception("a trend cannot be drawn", sensor=alarm["sensor"])
        return {}

    async def read(self, asset: Asset, key: str, end: int) -> tuple[trend.Times, trend.Values]:
        """The hour before `end`: times (UTC ns, rising) and the least and greatest value of each quarter minute.

        Raises:
            UnavailableError: InfluxDB does not answer, not in time, or refuses.
        """
        field = quote_identifier(key)
        what = f'MIN({field}) AS "low", MAX({field}) AS "high"'
        span = Span(end - HOUR, end)
        found = await parts(self._history, [asset], what, span, by=[f"time({WIDTH // NS_PER_S}s)"], tail=" fill(none)")
        rows = found.get(asset.id, {}).values()
        if not rows:
            return np.empty(0, np.int64), np.empty(0)
        starts, low, high = (
            np.concatenate(columns)
            for columns in zip(*((one.times, one.numbers("low"), one.numbers("high")) for one in rows), strict=True)
        )
        order = np.argsort(starts, kind="stable")
        return thread(starts[order], low[order], high[order], end)

    def _paint(
        self, alarm: Mapping[str, Any], times: trend.Times, values: trend.Values, since: int, end: int
    ) -> Mapping[str, bytes]:
        limit = alarm.get("limit")
        known = np.isfinite(values) & (np.abs(values) < 1e300)
        if not known.any():
            return {}
        tone = TONES.get(alarm["severity"], TONES["medium"])
        zone = self._zone_of(alarm["asset"]) or UTC
        themes = {LIGHT: trend.light(tone.light), DARK: trend.dark(tone.dark)}
        return {
            name: trend.draw(
                times[known],
                values[known],
                end=end,
                limits=[] if limit is None else [limit],
                since=since,
                unit=unit_text(alarm.get("unit", "")),
                zone=zone,
                theme=theme,
            )
            for name, theme in themes.items()
        }


def thread(starts: trend.Times, low: trend.Values, high: trend.Values, end: int) -> tuple[trend.Times, trend.Values]:
    """One line through the least and greatest value of each window, in the order in which the signal goes."""
    middle = (low + high) / 2
    rises = np.diff(middle, prepend=middle[:1]) >= 0
    times = np.column_stack((starts + WIDTH // 4, starts + 3 * WIDTH // 4)).ravel()
    values = np.column_stack((np.where(rises, low, high), np.where(rises, high, low))).ravel()
    return np.clip(times, end - HOUR, end), values
