"""The plant, the devices and the revoked tokens, followed in the `plant` bucket and kept in memory."""

import asyncio

import msgspec

from andon.common import logs, subjects
from andon.common.bus import Bus
from andon.common.devices import Devices, decode_device
from andon.common.plant import Plant, decode_asset

log = logs.get("following")

GRACE_SECONDS = 10.0
"""What a full read lacks is forgotten only after this long: a bucket whose data was deleted is being filled again, and
meanwhile no alarm may end for its machine, and no revoked token be good."""


class PlantFollower:
    """Keeps `plant`, `devices` and `revoked` as the registry last published them. Run `follow` as a task."""

    def __init__(self, bus: Bus) -> None:
        self.plant = Plant()
        self.devices = Devices()
        self.revoked: set[str] = set()
        self.complete = asyncio.Event()
        self._bus = bus
        self._missing = set[str]()
        self._forgetting: asyncio.TimerHandle | None = None

    async def follow(self) -> None:
        """Follow the bucket for ever."""
        await self._bus.follow(subjects.PLANT_BUCKET, self._on_change, self._on_complete)

    def _on_change(self, key: str, value: bytes | None) -> None:
        self._missing.discard(key)
        kind, _, name = key.partition(".")
        if kind == "revoked":
            self.revoked.discard(name) if value is None else self.revoked.add(name)
        elif value is None:
            self.devices.remove(name) if kind == "device" else self.plant.remove(name)
        else:
            try:
                self._put(kind, value)
            except msgspec.DecodeError:
                log.exception("plant entry cannot be read", key=key)

    def _put(self, kind: str, value: bytes) -> None:
        if kind == "device":
            self.devices.put(decode_device(value))
            return
        asset = decode_asset(value)
        if self.plant.find(asset.id) != asset:
            self.plant.put(asset)

    def _on_complete(self, keys: set[str]) -> None:
        known = {subjects.asset_key(asset.id) for asset in self.plant}
        known |= {subjects.device_key(device.id) for device in self.devices}
        known |= set(map(subjects.revoked_key, self.revoked))
        self._missing = known - keys
        if self._forgetting is not None:
            self._forgetting.cancel()
        self._forgetting = asyncio.get_running_loop().call_later(GRACE_SECONDS, self._forget)
        self.complete.set()

    def _forget(self) -> None:
        """Forget what was missing, and has not come since."""
        for key in list(self._missing):
            self._on_change(key, None)
