"""The plant model (ISA-95) as every service sees it: site > area > line > machine, with sensors.

The registry owns it and writes one entry per asset to the `plant` bucket; the others follow that bucket
(`bus.follow_plant`) and keep a `Plant` in memory.
"""

from collections.abc import Iterator
from typing import Literal, TypeAlias

import msgspec

Kind: TypeAlias = Literal["site", "area", "line", "machine"]
Datatype: TypeAlias = Literal["float", "bool", "string"]
KINDS: tuple[Kind, ...] = ("site", "area", "line", "machine")


class Limits(msgspec.Struct, frozen=True):
    """Alarm limits of a sensor, in its unit: low-low, low, high, high-high."""

    ll: float | None = None
    l: float | None = None  # noqa: E741 - ISA-18.2 calls it L
    h: float | None = None
    hh: float | None = None


class Sensor(msgspec.Struct, frozen=True):
    """One measured quantity of a machine. `unit` is UCUM (`Cel`, `bar`, `1/min`); `path` ends with `key`.

    One with an `expression` is calculated from others instead (`andon.common.expression`); one with `entered_every`, a
    duration such as `8h`, is read off and entered by people, who are to do so at least that often.
    """

    key: str
    path: str
    name: str = ""
    unit: str = ""
    datatype: Datatype = "float"
    limits: Limits = Limits()
    decimals: int = 1
    expression: str = ""
    entered_every: str = ""


class Earlier(msgspec.Struct, frozen=True):
    """Where values of a machine were stored while it had another type, `until` it was given the next one (UTC ns)."""

    measurement: str
    until: int


class Asset(msgspec.Struct, frozen=True):
    """A node of the plant. Only machines have a `type` and `sensors`.

    earlier: where else its history lies, for it had other types before; the newest first.
    """

    id: str
    path: str
    kind: Kind
    slug: str
    name: str
    type: str = ""
    labels: dict[str, str] = {}
    sensors: tuple[Sensor, ...] = ()
    earlier: tuple[Earlier, ...] = ()


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Asset)


def encode_asset(asset: Asset) -> bytes:
    """Asset as it lies in the plant bucket (JSON, so that `nats kv get` shows it to people)."""
    return _encoder.encode(asset)


def decode_asset(data: bytes) -> Asset:
    """Asset from the plant bucket.

    Raises:
        msgspec.DecodeError: the bytes are not an asset.
    """
    return _decoder.decode(data)


def is_below(path: str, scope: str) -> bool:
    """Whether `path` is `scope` or lies below it; '' is the whole plant."""
    return not scope or path == scope or path.startswith(scope + "/")


class Plant:
    """The plant in memory, found by id and by path. `version` grows with every change."""

    def __init__(self) -> None:
        self.version = 0
        self._by_id: dict[str, Asset] = {}
        self._by_path: dict[str, Asset] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Asset]:
        return iter(self._by_id.values())

    def put(self, asset: Asset) -> None:
        """Add an asset, or replace the one with the same id."""
        self.remove(asset.id)
        self._by_id[asset.id] = asset
        self._by_path[asset.path] = asset
        self.version += 1

    def remove(self, asset_id: str) -> None:
        """Forget an asset; unknown ids are no error, for a removal may be told twice."""
        old = self._by_id.pop(asset_id, None)
        if old is not None:
            if self._by_path.get(old.path) is old:
                del self._by_path[old.path]
            self.version += 1

    def find(self, name: str) -> Asset | None:
        """Asset by id or by path."""
        return self._by_id.get(name) or self._by_path.get(name)

    def find_sensor(self, name: str) -> tuple[Asset, Sensor] | None:
        """Sensor by its path, or by `<asset id>/<key>`."""
        parent, _, key = name.rpartition("/")
        asset = self.find(parent)
        if asset is None:
            return None
        return next(((asset, s) for s in asset.sensors if s.key == key), None)

    def below(self, scope: str) -> list[Asset]:
        """Assets at or below a path, in order of path."""
        return sorted((a for a in self if is_below(a.path, scope)), key=lambda a: a.path)

    def machines(self, scope: str = "") -> list[Asset]:
        """Machines at or below a path."""
        return [a for a in self.below(scope) if a.kind == "machine"]
