"""Clock: times as texts, ISO 8601, UTC or with the offset of a time zone; thousands at once. Pure.

Milliseconds, or all nine digits where there is more than milliseconds.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from andon.common.history.columns import Times
from andon.common.reading import NS_PER_MS, NS_PER_S

DAY = 86_400
QUARTER = 900
"""Clocks are set forward and back at full quarters of an hour, UTC."""
MINUTE = 60


def iso(times: Times, zone: ZoneInfo) -> npt.NDArray[np.uint8]:
    """A row of ASCII for each time (UTC nanoseconds), all of one width."""
    seconds, fraction = np.divmod(times, NS_PER_S)
    offset = offsets(seconds, zone)
    utc = zone.key == "UTC"
    digits, fraction = (9, fraction) if (fraction % NS_PER_MS).any() else (3, fraction // NS_PER_MS)
    days, clock = np.divmod(seconds + offset, DAY)
    text = np.empty((len(times), 20 + digits + (1 if utc else 6)), np.uint8)
    text[:, :10] = _dates(days)
    for at, mark in ((10, b"T"), (13, b":"), (16, b":"), (19, b".")):
        text[:, at] = mark[0]
    for at, number in ((11, clock // 3600), (14, clock // MINUTE % MINUTE), (17, clock % MINUTE)):
        _put(text, at, 2, number)
    _put(text, 20, digits, fraction)
    if utc:
        text[:, -1] = b"Z"[0]
    else:
        text[:, -6] = np.where(offset < 0, b"-"[0], b"+"[0])
        text[:, -3] = b":"[0]
        _put(text, 20 + digits + 1, 2, np.abs(offset) // 3600)
        _put(text, 20 + digits + 4, 2, np.abs(offset) // MINUTE % MINUTE)
    return text


def offsets(seconds: Times, zone: ZoneInfo) -> Times:
    """How far a zone's clock is ahead of UTC at each time, in seconds, whole minutes."""
    if zone.key == "UTC":
        return np.zeros(len(seconds), np.int64)
    quarters, which = np.unique(seconds // QUARTER, return_inverse=True)
    found = [datetime.fromtimestamp(quarter * QUARTER, zone).utcoffset() for quarter in quarters.tolist()]
    minutes = [int(offset.total_seconds() / MINUTE) if offset else 0 for offset in found]
    return (np.array(minutes, np.int64) * MINUTE)[which]


def _dates(days: Times) -> npt.NDArray[np.uint8]:
    different, which = np.unique(days, return_inverse=True)
    texts = np.datetime_as_string(different.astype("datetime64[D]")).astype("S10")
    return texts.view(np.uint8).reshape(len(different), 10)[which]


def _put(text: npt.NDArray[np.uint8], at: int, width: int, number: Times) -> None:
    """Write a number of `width` digits into every row."""
    for place in range(at + width - 1, at - 1, -1):
        number, digit = np.divmod(number, 10)
        text[:, place] = digit + ord("0")
