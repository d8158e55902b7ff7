"""The routes of analysis, together."""

from fastapi import APIRouter

from andon.query.analysis import compare, correlation, durations, frames, histogram, percentiles, stats

router = APIRouter()
for part in (stats, histogram, percentiles, durations, correlation, compare, frames):
    router.include_router(part.router)
