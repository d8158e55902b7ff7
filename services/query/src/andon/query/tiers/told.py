"""What a state or a switch said in a range, from the tiers: a year of one that speaks each second is a few rows."""

import asyncio
from dataclasses import dataclass

import numpy as np

from andon.common.errors import InvalidError
from andon.common.history.columns import Times
from andon.common.history.history import History
from andon.common.history.span import Span
from andon.common.history.stored import parts, stored
from andon.common.history.tier import RAW, Tier
from andon.common.influx import quote_identifier
from andon.common.plant import Asset, Sensor
from andon.query.tiers import runs, tiers
from andon.query.tiers.coverage import Coverage
from andon.query.tiers.plan import coarsest, plan, require_few_minutes
from andon.query.tiers.runs import Told
from andon.query.tiers.sums import read_values
from andon.query.tiers.tiers import TIERS

FEW_ROWS = 500
"""So many rows are read without a look at how many changes they hold."""


@dataclass(frozen=True)
class Teller:
    """Reads a state or a switch: of each part of a range at most `most` samples or changes."""

    history: History
    coverage: Coverage
    asset: Asset
    sensor: Sensor
    most: int

    async def told(self, bounds: Times) -> tuple[Told, str]:
        """First samples and changes of the windows between bounds, and the name of the coarsest tier they are from.

        Raises:
            InvalidError: there are too many.
            UnavailableError: InfluxDB does not answer, not in time, or refuses.
        """
        parts = plan(self.coverage, self.asset.id, bounds)
        require_few_minutes(self.sensor.path, parts)
        found = await asyncio.gather(*(self._part(part.tier, part.span) for part in parts))
        return runs.shortened(runs.join(list(found)), bounds), coarsest(parts).name

    async def _part(self, tier: Tier, span: Span) -> Told:
        if tier is RAW:
            return await self._samples(span)
        await self._require_few(tier, span)
        fields = [tiers.field(self.sensor.key, name) for name in ("count", "runs")]
        rows = (await stored(self.history, [self.asset], fields, span, tier=tier)).get(self.asset.id)
        if rows is None:
            return runs.join([])
        told = await asyncio.to_thread(runs.of_rows, rows, self.sensor.key)
        if told.whole:
            return told
        return await self._part(TIERS[TIERS.index(tier) - 1], span)

    async def _samples(self, span: Span) -> Told:
        found = await read_values(self.history, self.asset, self.sensor.key, span, self.most + 1)
        if len(found) > self.most:
            raise self._too_many("samples")
        return runs.of_samples(found.times, found.values)

    async def _require_few(self, tier: Tier, span: Span) -> None:
        if span.end - span.start > FEW_ROWS * tier.width:
            what = f'sum({quote_identifier(tiers.field(self.sensor.key, "changes"))}) AS "changes"'
            found = (await parts(self.history, [self.asset], what, span, tier=tier)).get(self.asset.id, {})
            if sum(np.nansum(rows.numbers("changes")) for rows in found.values()) > self.most:
                raise self._too_many("changes")

    def _too_many(self, what: str) -> InvalidError:
        return InvalidError(f"'{self.sensor.path}' has more than {self.most:,} {what} there; shorten the range")
