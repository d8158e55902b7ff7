"""Letters: of which part of the plant a dead letter speaks, who may see it, and whether it can ever be used. Pure."""

import re
from dataclasses import dataclass

import msgspec

from andon.common import topics
from andon.common.errors import Reason
from andon.common.plant import Plant, is_below
from andon.common.reading import Reading
from andon.common.times import ns_to_iso
from andon.common.wire import DeadLetter

STORE = "store"
"""Source of what the store could not write: one reading as JSON, no longer the bytes of a device."""
_TOPIC = f"{topics.ROOT}/"
_reading = msgspec.json.Decoder(Reading)


def stored_reading(letter: DeadLetter) -> Reading | None:
    """The reading of a letter of the store, if it holds one."""
    if letter.source != STORE:
        return None
    try:
        return _reading.decode(letter.payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def readable(reading: Reading, plant: Plant) -> bytes:
    """A reading as people write one, to be read, and to be sent again."""
    asset = plant.find(reading.asset)
    told = {
        "asset": reading.asset if asset is None else asset.path,
        "ts": ns_to_iso(reading.time),
        "values": reading.values,
        "quality": reading.quality,
        "seq": reading.seq,
        "boot": reading.boot or None,
    }
    return msgspec.json.encode({name: value for name, value in told.items() if value is not None})


def shown(letter: DeadLetter, plant: Plant) -> bytes:
    """The bytes that came; what the store could not write, as people write a reading."""
    reading = stored_reading(letter)
    return letter.payload if reading is None else readable(reading, plant)


def place_of(letter: DeadLetter, plant: Plant) -> str | None:
    """Path in the plant, of something there or not; None for what names no place: only who sees all may see it."""
    if letter.source.startswith(_TOPIC):
        return letter.source.removeprefix(_TOPIC)
    reading = stored_reading(letter)
    asset = plant.find(reading.asset) if reading is not None else None
    return asset.path if asset is not None else None


def obstacle(letter: DeadLetter) -> str:
    """Why a letter can never be replayed, and what to do instead; '' where it is worth a try.

    Only what a device was allowed to say, and all of it, may become a reading: a replay must be no way around the
    broker's permissions.
    """
    if letter.reason is Reason.FORBIDDEN:
        return "the device was not allowed to say this; give it a wider scope and let it send again"
    if not letter.payload and letter.size:
        return "its bytes were not kept; let the device send again"
    if len(letter.payload) < letter.size:
        return f"only the first {len(letter.payload)} of its {letter.size} bytes were kept; let the device send again"
    if letter.source.startswith(_TOPIC) or stored_reading(letter) is not None:
        return ""
    return "it is no message of a machine and no reading"


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which letters are asked for.

    parts: each must contain the letter's place: the caller's part of the plant, and the one asked for; '' is all.
    source: how the source begins. text: stands in detail, source, device or the bytes, in whatever case.
    start, end: UTC nanoseconds, [start, end).
    """

    parts: tuple[str, ...] = ()
    reason: Reason | None = None
    source: str = ""
    text: str = ""
    start: int = 0
    end: int = 2**63

    def matches(self, letter: DeadLetter, plant: Plant) -> bool:
        """Whether a letter is one of them."""
        return (
            self.reason in (None, letter.reason)
            and self.start <= letter.at < self.end
            and letter.source.startswith(self.source)
            and self._is_inside(letter, plant)
            and self._holds_text(letter)
        )

    def _is_inside(self, letter: DeadLetter, plant: Plant) -> bool:
        parts = [part for part in self.parts if part]
        if not parts:
            return True
        place = place_of(letter, plant)
        return place is not None and all(is_below(place, part) for part in parts)

    def _holds_text(self, letter: DeadLetter) -> bool:
        if not self.text:
            return True
        wanted = self.text.casefold()
        if any(wanted in words.casefold() for words in (letter.detail, letter.source, letter.device)):
            return True
        return re.search(re.escape(self.text.encode()), letter.payload, re.IGNORECASE) is not None
