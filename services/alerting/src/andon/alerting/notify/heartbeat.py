"""Heartbeat: a sign of life to somebody outside, who raises the alarm when it stays away (a dead man's switch).

Nobody is told of anything by an Andon that is down, nor by one whose rules, database, backbone or outbox are stuck,
which judges readings late, or whose notifications arrive nowhere (`vitals.py`).
"""

import asyncio
from collections.abc import Callable, Mapping

import httpx

from andon.common import logs
from andon.common.health import Check, run_checks

log = logs.get("alerting.heartbeat")

EVERY_SECONDS = 60.0
TIMEOUT_SECONDS = 10.0


class Heartbeat:
    """Asks for `url` every minute, as long as nothing is wrong. Run `run` as a task; '' asks for nothing."""

    def __init__(self, url: str, checks: Mapping[str, Check], http: httpx.AsyncClient) -> None:
        self._url = url
        self._checks = checks
        self._http = http
        self._missing = ""

    async def run(self, holds: Callable[[], bool], every: float = EVERY_SECONDS) -> None:
        """Beat for ever, while this instance `holds` the lease: one that only stands by proves nothing."""
        while self._url:
            if holds():
                await self.beat()
            await asyncio.sleep(every)

    async def beat(self) -> bool:
        """One sign of life; False when something is wrong, or it did not arrive."""
        found = {who: what for who, what in (await run_checks(dict(self._checks))).items() if what}
        wrong = "; ".join(f"{who}: {what}" for who, what in found.items()) or await self._ask()
        if wrong and not self._missing:
            log.warning("no sign of life is given", reason=wrong)
        elif self._missing and not wrong:
            log.info("signs of life are given again")
        self._missing = wrong
        return not wrong

    async def _ask(self) -> str:
        try:
            answer = await self._http.get(self._url, timeout=TIMEOUT_SECONDS)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return f"the receiver does not answer: {type(error).__name__}"  # the URL is a secret, and errors tell it
        return "" if answer.is_success else f"the receiver answers {answer.status_code}"
