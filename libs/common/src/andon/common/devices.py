"""Devices as every service sees them: credentials, and the part of the plant each may speak for. No secret is here.

The registry writes one entry per device to the `plant` bucket; `PlantFollower` keeps them in memory.
"""

from collections.abc import Iterator

import msgspec

from andon.common.platform import is_platform


class Device(msgspec.Struct, frozen=True):
    """A credential that may publish below `scope`, a plant path; '' is the whole plant."""

    id: str
    name: str
    username: str
    scope: str


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Device)


def encode_device(device: Device) -> bytes:
    """Device as it lies in the plant bucket."""
    return _encoder.encode(device)


def decode_device(data: bytes) -> Device:
    """Device from the plant bucket.

    Raises:
        msgspec.DecodeError: the bytes are not a device.
    """
    return _decoder.decode(data)


class Devices:
    """All devices in memory. `version` grows with every change."""

    def __init__(self) -> None:
        self.version = 0
        self._by_id: dict[str, Device] = {}
        self._by_scope: dict[str, dict[str, Device]] = {}

    def __iter__(self) -> Iterator[Device]:
        return iter(self._by_id.values())

    def put(self, device: Device) -> None:
        """Add a device, or replace the one with the same id."""
        self.remove(device.id)
        self._by_id[device.id] = device
        self._by_scope.setdefault(device.scope, {})[device.id] = device
        self.version += 1

    def remove(self, device_id: str) -> None:
        """Forget a device; unknown ids are no error, for a removal may be told twice."""
        device = self._by_id.pop(device_id, None)
        if device is not None:
            del self._by_scope[device.scope][device_id]
            self.version += 1

    def speakers(self, path: str) -> list[Device]:
        """Who speaks for a path: the devices whose scope is the narrowest around it; none, one, or several.

        MQTT does not tell a subscriber who published. Who gives each device a part of the plant of its own knows.
        For the platform no device may speak.
        """
        if is_platform(path):
            return []
        scope = path
        while not (found := self._by_scope.get(scope)) and scope:
            scope = scope.rpartition("/")[0]
        return sorted((found or {}).values(), key=lambda device: (device.name, device.id))
