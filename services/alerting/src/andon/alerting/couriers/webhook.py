"""Notify by webhook: POST the transition as JSON (`webhook` in the design's shapes) with an Idempotency-Key."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from andon.alerting.couriers.address import resolve
from andon.alerting.settings import Network
from andon.common.errors import InvalidError, UnavailableError

TIMEOUT_SECONDS = 10.0
MAX_ANSWER_BYTES = 64 * 1024
SHAPE = ("alarm", "transition", "key")


class Webhook:
    """Posts to webhooks, never to a private address that is not `allowed`."""

    def __init__(self, allowed: Sequence[Network]) -> None:
        self._allowed = allowed
        # trust_env: a proxy from the environment would connect elsewhere than to the checked address.
        # No connection is kept: one made for a host must not be used for another host at the same address.
        self._http = httpx.AsyncClient(
            timeout=TIMEOUT_SECONDS,
            follow_redirects=False,
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def send(self, target: str, payload: Mapping[str, Any]) -> None:
        """Post one notification.

        Raises:
            InvalidError: the target's address is private and not allowed.
            UnavailableError: no answer, or one that is not 2xx.
        """
        url = _parse(target)
        address = await resolve(url.host, url.port or (443 if url.scheme == "https" else 80), self._allowed)
        request = self._http.build_request(
            "POST",
            url.copy_with(host=str(address)),
            json={name: payload[name] for name in SHAPE},
            headers={"Host": url.netloc.decode("ascii"), "Idempotency-Key": payload["key"], "User-Agent": "Andon"},
            # The certificate must be the named host's, though the connection goes to its address.
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )
        try:
            answer = await self._http.send(request, stream=True)
            try:
                await _read_capped(answer)
            finally:
                await answer.aclose()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise UnavailableError(f"{url.host} did not answer: {str(error) or type(error).__name__}") from error
        if not answer.is_success:
            hint = "; redirects are not followed, set the final URL" if answer.is_redirect else ""
            raise UnavailableError(f"{url.host} answered {answer.status_code}{hint}")


def _parse(target: str) -> httpx.URL:
    try:
        return httpx.URL(target)
    except httpx.InvalidURL as error:
        raise InvalidError(f"'{target}' is no URL: {error}") from error


async def _read_capped(answer: httpx.Response) -> None:
    size = 0
    async for part in answer.aiter_raw():
        size += len(part)
        if size > MAX_ANSWER_BYTES:
            return
