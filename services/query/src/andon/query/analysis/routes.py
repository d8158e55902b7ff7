"""The routes of analysis, together."""

from fastapi import APIRouter

from andon.query.analysis import compare, correlation, durations, frames, histogram, percentiles, quality, stats

router = APIRouter()
for part in (stats, quality, histogram, percentiles, durations, correlation, compare, frames):
    router.include_router(part.router)
