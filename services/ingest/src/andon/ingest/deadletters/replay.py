"""Replay: dead letters whose cause is mended become readings after all, in the order in which they came.

A letter leaves its stream only once TELEMETRY has what it says. Until then it can be tried again to the same effect:
it is published under an id made of its number and its readings, at the time it arrived first.
"""

import asyncio
from hashlib import blake2b

from pydantic import Field

from andon.common import logs, metrics
from andon.common.answer import Answer
from andon.common.bus import Bus
from andon.common.errors import Reason, RefusedError
from andon.common.plant import Plant
from andon.common.reading import Reading
from andon.common.wire import DeadLetter, Source
from andon.ingest.bundle import Bundle
from andon.ingest.deadletters.letterbox import Letterbox
from andon.ingest.deadletters.letters import Filter, obstacle, stored_reading
from andon.ingest.decode import Message
from andon.ingest.resolve import Refusal, Resolver, join
from andon.ingest.trace.keep import Keeper

log = logs.get("ingest.replay")

MOST_AT_ONCE = 1000
MOST_BYTES = 32 * 2**20
MOST_SECONDS = 5.0
"""Letters one call tries, what they may hold together, and how long it looks for them; the answer's cursor leads on."""
MOST_TOLD = 20


class StillRefused(Answer):
    """Letters that stay, and why they cannot be used as the plant is now; `id` is that of the first one."""

    id: str
    source: str
    reason: Reason
    detail: str
    count: int = 1


class Outcome(Answer):
    """What a replay did; or, of a dry run, would do.

    replayed: letters that are readings now, and gone.
    still_refused: those that stay; `refused` says why, for the first 20 kinds of them.
    next_cursor: asks for the letters that follow; None when all that match were tried.
    """

    replayed: int = 0
    still_refused: int = 0
    refused: list[StillRefused] = Field(default=[])
    next_cursor: str | None = None


class Replay:
    """Tries letters again. One replay at a time; a second one waits, and finds what the first one left."""

    def __init__(self, bus: Bus, box: Letterbox, plant: Plant, keeper: Keeper) -> None:
        self._bus = bus
        self._box = box
        self._keeper = keeper
        self._plant = plant
        self._resolver = Resolver(plant)
        self._one_at_a_time = asyncio.Lock()

    async def all(self, wanted: Filter, *, after: int = 0, dry_run: bool = False) -> Outcome:
        """Try all letters that match, oldest first, from the one behind number `after` on.

        Raises:
            UnavailableError: NATS does not answer, or TELEMETRY is full; what is done is done, the rest waits.
        """
        async with self._one_at_a_time:
            numbers, following = await self._matching(wanted, after)
            outcome = Outcome(next_cursor=following)
            for number in numbers:
                if (letter := await self._box.one(number)) is not None:
                    await self._try(number, letter, outcome, dry_run=dry_run)
            return outcome

    async def _matching(self, wanted: Filter, after: int) -> tuple[list[int], str | None]:
        """Numbers of letters that match, by arrival, and the cursor of what follows.

        Their stream is nearly in that order, but for messages that ingest looked at twice before it refused them.
        """
        found, size, clock = list[tuple[int, int]](), 0, asyncio.get_running_loop().time
        last, end = (await self._box.state()).last_seq, clock() + MOST_SECONDS
        async for number, letter in self._box.oldest_first(after + 1, last, wanted.reason):
            if wanted.matches(letter, self._plant):
                found.append((letter.at, number))
                size += len(letter.payload)
            if number < last and (len(found) >= MOST_AT_ONCE or size > MOST_BYTES or clock() > end):
                return [n for _, n in sorted(found)], str(number)
        return [n for _, n in sorted(found)], None

    async def one(self, number: int) -> Outcome:
        """Try one letter.

        Raises:
            UnavailableError: NATS does not answer, or TELEMETRY is full; the letter stays.
        """
        async with self._one_at_a_time:
            outcome, letter = Outcome(), await self._box.one(number)
            if letter is not None:  # else somebody was first while this one waited
                await self._try(number, letter, outcome, dry_run=False)
            return outcome

    async def _try(self, number: int, letter: DeadLetter, outcome: Outcome, *, dry_run: bool) -> None:
        readings, refusals = self._resolve(letter)
        if refusals:
            _tell(
                outcome,
                StillRefused(id=str(number), source=letter.source, reason=refusals[0].reason, detail=join(refusals)),
            )
        if dry_run:
            outcome.replayed += not refusals
            return
        if readings and join(refusals)[:2000] != letter.detail:  # else nothing of it was mended
            await self._publish(number, letter, readings)
        if not refusals and await self._box.take_out(number):
            outcome.replayed += 1
            metrics.REPLAYED.inc()

    def _resolve(self, letter: DeadLetter) -> tuple[list[Reading], list[Refusal]]:
        """What can be used of a letter now, and what cannot; nothing it holds may stop those behind it."""
        try:
            return self._readings(letter)
        except RefusedError as error:
            return [], [Refusal(error.reason, error.detail)]
        except Exception as error:
            log.exception("a dead letter cannot be replayed", source=letter.source[:200])
            return [], [Refusal(letter.reason, f"cannot be read: {error!r}")]

    def _readings(self, letter: DeadLetter) -> tuple[list[Reading], list[Refusal]]:
        if why := obstacle(letter):
            raise RefusedError(letter.reason, why)
        reading = stored_reading(letter)
        if reading is None:
            readings, refusals = self._resolver.resolve(letter.source.encode(), letter.payload, letter.at)
            if readings[0].seq is None and letter.seq is not None:
                readings[0].seq, readings[0].boot = letter.seq, letter.boot
            return readings, refusals
        message = Message({**reading.values}, None, reading.seq, reading.boot, reading.quality)
        # its time was looked at when it came; an import's may be years ago
        return self._resolver.resolve_asset(reading.asset, message, reading.time)

    async def _publish(self, number: int, letter: DeadLetter, readings: list[Reading]) -> None:
        """Return once JetStream has all of them."""
        bundle = Bundle(self._bus.settings.partitions)
        bundle.add(readings)
        if len(readings) != 1:
            bundle.note(readings[0].asset, extra=1 - len(readings))
        bundle.keep(readings, letter.source.encode(), letter.payload, letter.at, letter.device)
        [(partition, messages)] = bundle.raws.items()
        for subject, data in bundle.pack(letter.at):
            msg_id = f"letter-{number}-{blake2b(data, digest_size=8).hexdigest()}"
            sequence = await self._bus.publish(subject, data, msg_id=msg_id)
        self._keeper.put(Source.REPLAY, partition, sequence, messages)
        metrics.SAMPLES.inc(bundle.samples)


def _tell(outcome: Outcome, one: StillRefused) -> None:
    """Count a letter that stays; those that say the same are told once."""
    outcome.still_refused += 1
    for other in outcome.refused:
        if (other.source, other.reason, other.detail) == (one.source, one.reason, one.detail):
            other.count += 1
            return
    if len(outcome.refused) < MOST_TOLD:
        outcome.refused.append(one)
