"""Buckets: what a KV bucket holds, all of it, and then every change.

A watch says that it has told what there was as soon as nothing waits. An entry that is written anew in that moment
is not among what it has told by then, and neither is what a node of a cluster has not got yet: both come behind. So
what there was is complete only once the newest entry has come, as the leader of the bucket's stream knows it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from nats.errors import Error as NatsError
from nats.js.client import JetStreamContext
from nats.js.errors import KeyNotFoundError, NotFoundError
from nats.js.kv import KeyValue

READ_TIMEOUT = 5.0
"""Between two entries of a bucket that is read."""
FORGOTTEN_SECONDS = 2.0
"""How long nats-server keeps what it knows of a watch that ended; it takes a thousand of them, and then no more."""
Entry = KeyValue.Entry


class Watch:
    """Entries of a bucket as they come, those that are there first. Use `watch`.

    seen: number of the newest that came.
    """

    def __init__(self, js: JetStreamContext, bucket: KeyValue, watcher: KeyValue.KeyWatcher) -> None:
        self.seen = 0
        self._js = js
        self._bucket = bucket
        self._watcher = watcher
        self._told = False
        """Whether the watch has told what it knows of, and it is not certain yet that this is all."""
        self._newest: int | None = None
        """Of what there was, once that is asked."""

    async def next(self, timeout: float) -> Entry | None:
        """The next entry, a removed one as well; None once, when all there was has come.

        Raises:
            TimeoutError: none comes within so many seconds. NatsError, APIError: the backbone does not answer.
        """
        while True:
            if self._told and self._newest is None:  # asked anew by the next call, where nobody answers this one
                self._newest = await self._there()
            if self._newest is not None and self.seen >= self._newest:
                self._told, self._newest = False, None
                return None
            async with asyncio.timeout(timeout):  # the watcher's own would lose a cancellation that comes with an entry
                entry: Entry | None = await self._watcher.updates(timeout=None)  # type: ignore[no-untyped-call]
            if entry is not None:
                self.seen = max(self.seen, entry.revision or 0)
                return entry
            self._told = True

    async def _there(self) -> int:
        """Number of the newest entry; of those that were removed by their age the stream counts on."""
        stream = (await self._bucket.status()).stream_info
        if stream.state.last_seq <= self.seen:
            return self.seen
        with suppress(NotFoundError):
            (subject,) = stream.config.subjects or []
            return (await self._js.get_last_msg(stream.config.name or "", subject)).seq or 0
        return self.seen


@asynccontextmanager
async def watch(js: JetStreamContext, bucket: str) -> AsyncIterator[Watch]:
    """Watch a bucket until the block ends.

    Raises:
        NotFoundError: there is no such bucket. NatsError, APIError, TimeoutError: the backbone does not answer.
    """
    there = await js.key_value(bucket)
    watcher = await there.watchall(inactive_threshold=FORGOTTEN_SECONDS)
    try:
        yield Watch(js, there, watcher)
    finally:
        with suppress(NatsError):
            await watcher.stop()  # type: ignore[no-untyped-call]


async def read_entries(js: JetStreamContext, bucket: str) -> dict[str, tuple[bytes, int]]:
    """Value and revision of each entry of a bucket, as they are now. Raises as `watch` and `Watch.next` do."""
    found: dict[str, tuple[bytes, int]] = {}
    async with watch(js, bucket) as watched:
        while (entry := await watched.next(READ_TIMEOUT)) is not None:
            if removed(entry):
                found.pop(entry.key, None)
            else:
                found[entry.key] = entry.value or b"", entry.revision or 0
    return found


def removed(entry: Entry) -> bool:
    """Whether it says that there is none of its key any more."""
    return entry.operation in ("DEL", "PURGE")


async def last_of(bucket: KeyValue, key: str) -> tuple[bytes | None, int]:
    """Value and revision of an entry; None of one that is not there, with what revision it was removed, 0 if never."""
    try:
        entry = await bucket.get(key)
    except KeyNotFoundError as error:
        return None, (error.entry.revision or 0) if error.entry else 0
    return entry.value or b"", entry.revision or 0


async def last_revision(bucket: KeyValue) -> int:
    """Number of the last change of a bucket."""
    return (await bucket.status()).stream_info.state.last_seq
