"""Trend: the last hour of a sensor as a small picture for a mail. Pure: numbers in, PNG out.

It is drawn at twice the size of its result, and made smaller at the end: that is what smooths its edges. The result is
again twice as large as mails show it, for sharp screens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from io import BytesIO
from math import ceil, floor, inf, log10
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from andon.common.reading import NS_PER_S

Times: TypeAlias = npt.NDArray[np.int64]
Values: TypeAlias = npt.NDArray[np.float64]

SHOWN = (536, 220)
"""Width and height in which a mail shows it, in CSS pixels."""

_SCALE = 2
_SMOOTH = 2
_PX = _SCALE * _SMOOTH
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 14, 38, 34
_TEXT = 15
"""Readable on a phone, too, where the picture is shown at two thirds of its size."""
_HOUR = 3600 * NS_PER_S
_GAP = 60 * NS_PER_S
_FOLD = str.maketrans({"µ": "u", "Ω": "Ohm", "²": "2", "³": "3", "℃": "°C"})


@dataclass(frozen=True)
class Theme:
    """Colours of a picture, `#rrggbb`. edge: of the alarm's own severity."""

    ground: str
    grid: str
    text: str
    line: str
    edge: str


def light(edge: str) -> Theme:
    """On a bright page."""
    return Theme("#f5f6f6", "#d9dcde", "#4d555b", "#24527a", edge)


def dark(edge: str) -> Theme:
    """On a dark page."""
    return Theme("#2a2f33", "#454c52", "#b6bdc2", "#9cc7ea", edge)


@dataclass(frozen=True)
class Axes:
    """Where times (ns) and values lie, in pixels of the large drawing."""

    start: int
    end: int
    low: float
    high: float

    def x(self, time: float) -> float:
        """Pixels from the left."""
        width = SHOWN[0] - _LEFT - _RIGHT
        return (_LEFT + width * (time - self.start) / (self.end - self.start)) * _PX

    def y(self, value: float) -> float:
        """Pixels from the top."""
        height = SHOWN[1] - _TOP - _BOTTOM
        return (_TOP + height * (self.high - value) / (self.high - self.low)) * _PX


def draw(
    times: Times,
    values: Values,
    *,
    end: int,
    limits: Sequence[float],
    since: int,
    unit: str = "",
    zone: tzinfo = UTC,
    theme: Theme,
) -> bytes:
    """The hour before `end` as PNG.

    times: UTC ns, rising; values: as many numbers, at least one. limits: lines to mark. since: when the alarm began.
    """
    axes = Axes(end - _HOUR, end, *_extent(values, limits))
    size = (SHOWN[0] * _PX, SHOWN[1] * _PX)
    picture = Image.new("RGB", size, theme.ground)
    pen = ImageDraw.Draw(picture)
    _grid(pen, axes, theme, zone)
    _unit(pen, theme, unit)
    for limit in limits:
        _limit(pen, axes, theme, limit)
    _moment(pen, axes, theme, since, zone)
    _series(pen, axes, theme, times, values)
    small = picture.resize((SHOWN[0] * _SCALE, SHOWN[1] * _SCALE), Image.Resampling.BOX)
    out = BytesIO()
    small.quantize(96, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers between two values, 1, 2 or 5 times a power of ten apart."""
    rough = (high - low) / most
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    return [number * step for number in range(ceil(low / step), floor(high / step) + 1)]


def label(value: float, step: float) -> str:
    """A tick's text: as many decimals as its step needs."""
    if abs(value) >= 1e6:
        return f"{value:.3g}"
    return f"{value:.{min(6, max(0, -floor(log10(step))))}f}"


def _extent(values: Values, limits: Sequence[float]) -> tuple[float, float]:
    """The values to show, with the limits and some air."""
    low, high = min(float(values.min()), min(limits, default=inf)), max(float(values.max()), max(limits, default=-inf))
    air = (high - low) * 0.12 or max(abs(high) * 0.05, 0.5)
    return low - air, high + air


def _font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size * _PX)


def _grid(pen: ImageDraw.ImageDraw, axes: Axes, theme: Theme, zone: tzinfo) -> None:
    left, right, font = axes.x(axes.start), axes.x(axes.end), _font(_TEXT)
    marks = ticks(axes.low, axes.high)
    step = marks[1] - marks[0] if len(marks) > 1 else 1.0
    for value in marks:
        y = axes.y(value)
        pen.line((left, y, right, y), fill=theme.grid, width=_PX)
        pen.text((left - 8 * _PX, y), label(value, step), fill=theme.text, font=font, anchor="rm")
    minutes = 10 * 60 * NS_PER_S
    bottom = axes.y(axes.low)
    for time in range(-(-axes.start // minutes) * minutes, axes.end + 1, minutes):
        x = axes.x(time)
        if right - x < 6 * _PX or x - left < 6 * _PX:
            continue  # its text would be cut off
        pen.line((x, bottom, x, bottom + 4 * _PX), fill=theme.grid, width=_PX)
        pen.text((x, bottom + 8 * _PX), _clock(time, zone, "%H:%M"), fill=theme.text, font=font, anchor="mt")


def _unit(pen: ImageDraw.ImageDraw, theme: Theme, unit: str) -> None:
    """The unit above its axis, where the font knows its letters."""
    plain = unit.translate(_FOLD)
    if all(character.isascii() or character in "°·" for character in plain):
        pen.text(((_LEFT - 8) * _PX, (_TOP - 20) * _PX), plain[:12], fill=theme.text, font=_font(_TEXT), anchor="rt")


def _limit(pen: ImageDraw.ImageDraw, axes: Axes, theme: Theme, limit: float) -> None:
    y, x, right = axes.y(limit), axes.x(axes.start), axes.x(axes.end)
    while x < right:
        pen.line((x, y, min(x + 6 * _PX, right), y), fill=theme.edge, width=round(1.5 * _PX))
        x += 10 * _PX
    place = (axes.x(axes.start) + 6 * _PX, y - 4 * _PX)
    _tag(pen, theme, place, f"limit {limit:.10g}", "ls")


def _moment(pen: ImageDraw.ImageDraw, axes: Axes, theme: Theme, since: int, zone: tzinfo) -> None:
    """A line where the alarm began, if that is in the picture."""
    if not axes.start <= since <= axes.end:
        return
    x, top, bottom = axes.x(since), (_TOP - 6) * _PX, axes.y(axes.low)
    pen.line((x, top, x, bottom), fill=theme.edge, width=_PX)
    text, font = f"alarm {_clock(since, zone, '%H:%M:%S %Z')}", _font(_TEXT)
    half = font.getlength(text) / 2
    x = min(max(x, axes.x(axes.start) + half), axes.x(axes.end) - half)
    pen.text((x, top - 3 * _PX), text, fill=theme.edge, font=font, anchor="ms", stroke_width=_PX // 6)


def _series(pen: ImageDraw.ImageDraw, axes: Axes, theme: Theme, times: Times, values: Values) -> None:
    """The values as a line, broken where none came for long; its end is a dot."""
    apart = np.diff(times)
    usual = float(np.median(apart)) if len(apart) else 0.0
    pieces = np.split(np.arange(len(times)), np.flatnonzero(apart > max(_GAP, 5 * usual)) + 1)
    for piece in pieces:
        points = [(axes.x(int(times[at])), axes.y(float(values[at]))) for at in piece]
        if len(points) > 1:
            pen.line(points, fill=theme.line, width=2 * _PX, joint="curve")
        else:
            _dot(pen, points[0], 2, theme.line)
    last = (axes.x(int(times[-1])), axes.y(float(values[-1])))
    _dot(pen, last, 5.5, theme.ground)
    _dot(pen, last, 4, theme.line)


def _dot(pen: ImageDraw.ImageDraw, at: tuple[float, float], radius: float, colour: str) -> None:
    reach = radius * _PX
    pen.ellipse((at[0] - reach, at[1] - reach, at[0] + reach, at[1] + reach), fill=colour)


def _tag(pen: ImageDraw.ImageDraw, theme: Theme, at: tuple[float, float], text: str, anchor: str) -> None:
    """A text that stays readable over a line."""
    pen.text(
        at, text, fill=theme.edge, font=_font(_TEXT), anchor=anchor, stroke_width=3 * _PX, stroke_fill=theme.ground
    )


def _clock(time: int, zone: tzinfo, form: str) -> str:
    return datetime.fromtimestamp(time // NS_PER_S, zone).strftime(form)
