"""The ledger's account and the telemetry stream after a restore: told that they belong together.

The account knows its stream by the time that was made, and a restored stream is made anew: without a word it would
count everything that is on its way as lost.
"""

from contextlib import suppress

from nats.aio.client import Client
from nats.js.errors import KeyNotFoundError, NotFoundError

from andon.common import subjects
from andon.common.errors import SetupError
from andon.ingest.ledger.bookkeeper import pack, unpack

TRIES = 5


async def counted(nc: Client) -> int:
    """Number of the last batch that the account on disk has counted; 0 where there is none."""
    try:
        bucket = await nc.jetstream().key_value(subjects.LEDGER_BUCKET)
        return unpack((await bucket.get(subjects.ACCOUNT_KEY)).value or b"").at
    except (NotFoundError, KeyNotFoundError):
        return 0


def is_gapless(at: int, first: int) -> bool:
    """Whether a stream that begins with the batch `first` goes on where an account ends that was taken before it.

    Between the two, ingest may have taken out of the stream what was counted meanwhile.
    """
    return first <= at + 1


async def rejoin(nc: Client) -> None:
    """Tell the account which stream it is of, and let its reader begin at the stream's beginning.

    What the account has already the reader passes over.

    Raises:
        SetupError: the account cannot be read.
    """
    js = nc.jetstream()
    try:
        stream = await js.stream_info(subjects.TELEMETRY)
        bucket = await js.key_value(subjects.LEDGER_BUCKET)
        account = unpack((await bucket.get(subjects.ACCOUNT_KEY)).value or b"")
    except (NotFoundError, KeyNotFoundError):
        return
    except ValueError as error:
        raise SetupError(f"The ledger's account in the backup cannot be read: {error}.", "Take another.") from None
    account.stream = stream.created.isoformat() if stream.created else ""
    await bucket.put(subjects.ACCOUNT_KEY, pack(account))
    with suppress(NotFoundError):  # nobody had read it yet
        await js.delete_consumer(subjects.TELEMETRY, subjects.LEDGER_DURABLE)
