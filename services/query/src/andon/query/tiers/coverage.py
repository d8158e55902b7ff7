"""How far the tiers reach: what the derive process has rolled up, what it still has to, what is no longer kept.

Followed from NATS. Until anything is known of it, nothing is taken to be rolled up, and history is read from the
samples.
"""

from typing import Annotated, TypeAlias

import msgspec
from fastapi import Depends, Request

from andon.common import logs, subjects
from andon.common.bus import Bus
from andon.common.history.tier import Tier
from andon.query.tiers.tiers import HOURS, MINUTES

log = logs.get("coverage")

Ranges: TypeAlias = list[tuple[int, int]]
"""Ranges of time, [start, end), UTC nanoseconds, in order and apart."""
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError)
"""What decoders raise where a value of the bucket is none; texts that are no UTF-8 are told from the rest."""


class Progress(msgspec.Struct, frozen=True):
    """Up to when all windows of a tier are made, UTC nanoseconds, as it lies in the bucket.

    sequence: number of the last batch in the stream that they hold.
    """

    minutes: int = 0
    hours: int = 0
    sequence: int = 0


_ranges_decoder = msgspec.json.Decoder(Ranges)
_progress_decoder = msgspec.json.Decoder(Progress)
_gone_decoder = msgspec.json.Decoder(dict[str, int])


def encode_ranges(ranges: Ranges) -> bytes:
    """Ranges as they lie in the bucket."""
    return msgspec.json.encode(ranges)


def decode_ranges(data: bytes) -> Ranges:
    """Ranges from the bucket.

    Raises:
        msgspec.DecodeError: the bytes are none.
    """
    return _ranges_decoder.decode(data)


def decode_progress(data: bytes) -> Progress:
    """Progress from the bucket.

    Raises:
        msgspec.DecodeError: the bytes are none.
    """
    return _progress_decoder.decode(data)


def decode_gone(data: bytes) -> dict[str, int]:
    """Before when values may be gone, by the name of a tier, from the bucket.

    Raises:
        msgspec.DecodeError: the bytes tell none.
    """
    return _gone_decoder.decode(data)


class Coverage:
    """`pending` are ranges by machine id that lie before `until`, and are still to be rolled up, or to be again.

    ordered: keys of what somebody asked to have made again, that is not pending yet.
    """

    def __init__(self) -> None:
        self.progress = Progress()
        self.pending: dict[str, Ranges] = {}
        self.ordered: set[str] = set()
        self.gone: dict[str, int] = {}

    def since(self, tier: Tier) -> int:
        """From when on a tier, or the samples, are kept; what lies before may be gone."""
        return self.gone.get(tier.name, 0)

    def until(self, tier: Tier) -> int:
        """Up to when all windows of a tier are made, but those of `pending`."""
        return {HOURS.width: self.progress.hours, MINUTES.width: self.progress.minutes}[tier.width]

    async def follow(self, bus: Bus) -> None:
        """Follow what the derive process says of itself, for ever."""
        await bus.follow(subjects.DERIVE_BUCKET, self.on_change, self._on_complete)

    def on_change(self, key: str, value: bytes | None) -> None:
        """Take in one entry of the bucket, or that it is gone."""
        asset = subjects.pending_asset(key)
        try:
            if key == subjects.PROGRESS_KEY:
                self.progress = decode_progress(value) if value else Progress()
            elif key == subjects.GONE_KEY:
                self.gone = decode_gone(value) if value else {}
            elif subjects.is_order(key, subjects.REBUILD):
                (self.ordered.add if value else self.ordered.discard)(key)
            elif asset and value:
                self.pending[asset] = decode_ranges(value)
            elif asset:
                self.pending.pop(asset, None)
        except UNREADABLE as error:
            log.warning("progress of the rollups cannot be read", key=key, error=str(error))

    def _on_complete(self, keys: set[str]) -> None:
        for asset in [asset for asset in self.pending if subjects.pending_key(asset) not in keys]:
            del self.pending[asset]
        self.ordered &= keys
        if subjects.PROGRESS_KEY not in keys:
            self.progress = Progress()
        if subjects.GONE_KEY not in keys:
            self.gone = {}


def _coverage(request: Request) -> Coverage:
    coverage: Coverage = request.app.state.coverage
    return coverage


KnownCoverage = Annotated[Coverage, Depends(_coverage)]
