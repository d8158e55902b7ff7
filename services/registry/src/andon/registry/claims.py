"""Claims on MQTT client ids, in a KV bucket that all registries follow: `Picture` is what this one has seen of it.

A client id is any text, so that its key is a hash. Claims that are dropped leave a mark for a minute, for who follows.
"""

from collections import OrderedDict
from contextlib import suppress
from hashlib import sha256

import msgspec
from nats.errors import Error as NatsError
from nats.js.errors import APIError, KeyWrongLastSequenceError

from andon.common import subjects
from andon.common.buckets import last_of
from andon.common.bus import Bus
from andon.common.errors import UnauthorizedError, UnavailableError

MARK_SECONDS = 60
FAILED = (NatsError, APIError, UnavailableError, TimeoutError)


class Claim(msgspec.Struct, frozen=True):
    """Whose an id is, by user name. away: since when its device is known to be gone (UTC seconds); 0: it is not."""

    device: str
    away: float = 0.0


_encode = msgspec.json.encode
_decoder = msgspec.json.Decoder(Claim)


class Picture:
    """Claims by key, those used here last at the end; also by device. Pure."""

    def __init__(self) -> None:
        self._claims: OrderedDict[str, Claim] = OrderedDict()
        self._keys: dict[str, OrderedDict[str, None]] = {}

    def __len__(self) -> int:
        return len(self._claims)

    def known(self, key: str) -> Claim | None:
        """The claim on it, as far as is known here."""
        return self._claims.get(key)

    def put(self, key: str, claim: Claim) -> None:
        """There is this claim now."""
        before = self._claims.get(key)
        if before is None or before.device != claim.device:
            self.forget(key)
            self._keys.setdefault(claim.device, OrderedDict())[key] = None
        self._claims[key] = claim

    def use(self, key: str) -> None:
        """Its device comes with it now."""
        self._claims.move_to_end(key)
        self._keys[self._claims[key].device].move_to_end(key)

    def forget(self, key: str) -> None:
        """There is none."""
        claim = self._claims.pop(key, None)
        if claim is not None:
            keys = self._keys[claim.device]
            del keys[key]
            if not keys:
                del self._keys[claim.device]

    def keep(self, keys: set[str]) -> None:
        """There are none but these."""
        for key in self._claims.keys() - keys:
            self.forget(key)

    def spare(self, device: str, *, of_one: int, of_all: int) -> list[str]:
        """What goes where a device has more than `of_one`, or all more than `of_all`: that not used for longest."""
        keys = self._keys.get(device)
        found = [next(iter(keys))] if keys is not None and len(keys) > of_one else []
        return found + ([next(iter(self._claims))] if len(self) - len(found) > of_all else [])


class Claims:
    """The bucket. Run `follow` as a task."""

    def __init__(self, bus: Bus) -> None:
        self.picture = Picture()
        self._bus = bus

    async def follow(self) -> None:
        """Follow it for ever."""
        await self._bus.follow(subjects.CLIENTS_BUCKET, self._on_change, self.picture.keep)

    def _on_change(self, key: str, value: bytes | None) -> None:
        if value is None:
            self.picture.forget(key)
            return
        with suppress(msgspec.DecodeError):
            self.picture.put(key, _decoder.decode(value))

    async def read(self, key: str) -> tuple[Claim | None, int]:
        """The claim there is, and its revision.

        Raises:
            UnauthorizedError: NATS does not answer.
        """
        try:
            value, revision = await last_of(await self._bus.bucket(subjects.CLIENTS_BUCKET), key)
        except FAILED as error:
            raise UnauthorizedError(f"client ids cannot be looked up; try again: {error}") from None
        with suppress(msgspec.DecodeError):  # what cannot be read is nobody's
            return (None if value is None else _decoder.decode(value)), revision
        return None, revision

    async def write(self, key: str, claim: Claim, revision: int) -> None:
        """Make or change a claim.

        Raises:
            UnauthorizedError: it is no more of that revision, or NATS does not answer.
        """
        try:
            await (await self._bus.bucket(subjects.CLIENTS_BUCKET)).update(key, _encode(claim), last=revision)
        except KeyWrongLastSequenceError:
            raise UnauthorizedError("somebody else comes with the same client id just now; try again") from None
        except FAILED as error:
            raise UnauthorizedError(f"client ids cannot be kept; try again: {error}") from None

    async def drop(self, key: str) -> None:
        """Let it go, as far as NATS answers."""
        self.picture.forget(key)
        with suppress(*FAILED):
            await (await self._bus.bucket(subjects.CLIENTS_BUCKET)).purge(key, msg_ttl=MARK_SECONDS)


def key_of(client_id: str) -> str:
    """The key of a client id."""
    return sha256(client_id.encode()).hexdigest()[:40]
