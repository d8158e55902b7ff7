"""From which tier each part of a range is taken: the widest whose windows fit between the bounds asked for. Pure."""

from typing import NamedTuple

from andon.common.errors import InvalidError
from andon.common.history.columns import Times
from andon.common.history.span import Span
from andon.common.history.tier import RAW, Tier
from andon.common.times import ns_to_iso
from andon.query.tiers.coverage import Coverage, Ranges
from andon.query.tiers.tiers import HOURS, MINUTES

MOST_MINUTES = 300_000
"""Rows of the tier of minutes for one answer: 208 days, read in three seconds, into 120 MB. As many as ten thousand
buckets of half an hour are made of; wider ones are mostly whole hours. Sums are added up by InfluxDB."""


class Part(NamedTuple):
    """A part of a range, and the tier it is taken from."""

    tier: Tier
    span: Span


def plan(coverage: Coverage, asset: str, bounds: Times) -> list[Part]:
    """Parts in order of time that make up the range from the first to the last bound.

    No window of a part crosses a bound between the first and the last; these two may lie anywhere.
    """
    whole = Span(int(bounds[0]), int(bounds[-1]))
    return _cover(whole, _fitting(bounds), coverage, coverage.pending.get(asset, []))


def _fitting(bounds: Times) -> list[Tier]:
    """The tiers none of whose windows crosses a bound, the widest first."""
    return [tier for tier in (HOURS, MINUTES) if not (bounds[1:-1] % tier.width).any()]


def require_kept(coverage: Coverage, bounds: Times) -> None:
    """Nothing, where what an answer with these bounds is made of is kept, or nothing else is either.

    A tier of which no window lies wholly in the range has nothing to tell of it.

    Raises:
        InvalidError: nothing so fine is kept any more, but something wider is.
    """
    start, end = int(bounds[0]), int(bounds[-1])
    telling = [tier for tier in _fitting(bounds) if _up(start, tier.width) + tier.width <= end]
    kept = min(map(coverage.since, (RAW, *telling)))
    wider = [tier for tier in (MINUTES, HOURS) if coverage.since(tier) < kept and coverage.until(tier) > start]
    if start >= kept or not wider:
        return
    tier = min(wider, key=lambda one: max(coverage.since(one), start))  # the finest of those that reach back far enough
    before = kept if tier is wider[0] else coverage.since(wider[0])
    words = {MINUTES: "minutes", HOURS: "hours"}[tier]
    raise InvalidError(
        f"Of what was before {ns_to_iso(before)} only whole {words} are kept; ask for buckets and a range of whole"
        f" {words}, or for what came after"
    )


def partly_gone(path: str, rolled_up: int, kept: int, way_out: str) -> InvalidError:
    """What to say where all samples are needed and some are gone; `way_out` is what to ask instead of a later range."""
    return InvalidError(
        f"Of {rolled_up:,} samples of '{path}' there only {kept:,} are still kept; "
        f"ask for a later range (GET /retention says how long they are kept), or {way_out}"
    )


def _cover(span: Span, fitting: list[Tier], coverage: Coverage, pending: Ranges) -> list[Part]:
    if span.start >= span.end:
        return []
    if not fitting:
        return [Part(RAW, span)]
    tier, finer = fitting[0], fitting[1:]
    parts, at = list[Part](), span.start
    for one in _made(tier, _kept(coverage, tier, finer, span), coverage.until(tier), pending):
        parts += [*_cover(Span(at, one.start), finer, coverage, pending), Part(tier, one)]
        at = one.end
    return parts + _cover(Span(at, span.end), finer, coverage, pending)


def _kept(coverage: Coverage, tier: Tier, finer: list[Tier], span: Span) -> Span:
    """The part of a range for which a tier is to be taken, and not a finer one that is kept longer."""
    since = coverage.since(tier)
    if since <= min(map(coverage.since, (RAW, *finer))):
        return span
    return Span(max(span.start, since), span.end)


def _made(tier: Tier, span: Span, until: int, pending: Ranges) -> list[Span]:
    """The parts of a range that hold whole windows of a tier which are made."""
    width = tier.width
    at, end = _up(span.start, width), min(span.end, until) // width * width
    made = []
    for start, stop in pending:
        low, high = start // width * width, _up(stop, width)
        if high > at:
            made.append(Span(at, min(low, end)))
            at = high
    made.append(Span(at, end))
    return [one for one in made if one.start < one.end]


def _up(time: int, width: int) -> int:
    return -(-time // width) * width


def coarsest(parts: list[Part]) -> Tier:
    """The widest tier of a plan: what a chart says it is made of."""
    return max((part.tier for part in parts), key=lambda tier: tier.width, default=RAW)


def minutes(parts: list[Part]) -> int:
    """How many minutes a plan takes from their tier: some of them perhaps without a row."""
    return sum((part.span.end - part.span.start) // MINUTES.width for part in parts if part.tier is MINUTES)


def require_few_minutes(path: str, parts: list[Part], way_out: str = "") -> None:
    """Nothing, where a plan takes no more minutes than can be read; `way_out` is what else to ask for.

    Raises:
        InvalidError: it takes more.
    """
    if (count := minutes(parts)) > MOST_MINUTES:
        raise InvalidError(
            f"'{path}' would be made of {count:,} minutes there; at most {MOST_MINUTES:,}: ask for a shorter range, "
            f"for buckets of whole hours (24h, or days on the clock of tz=UTC){way_out}"
        )
