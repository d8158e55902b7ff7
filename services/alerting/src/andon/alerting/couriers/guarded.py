"""Guarded HTTP: posts to an address that somebody wrote down, never to a private one that is not allowed.

A name is resolved once, its address checked, and the connection made to that very address under the name's own Host
and certificate. Redirects are not followed, for they lead elsewhere than what was checked.
"""

import asyncio
from collections.abc import Mapping, Sequence

import httpx

from andon.alerting.couriers.address import resolve
from andon.alerting.settings import Network
from andon.common import logs
from andon.common.errors import InvalidError, UnavailableError

log = logs.get("alerting.guarded")

TIMEOUT_SECONDS = 10.0
MAX_ANSWER_BYTES = 64 * 1024
MORE_SECONDS = 1.0


class GuardedClient:
    """Posts, never to a private address that is not `allowed`."""

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

    async def post(self, target: str, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        """The answer to a POST: what counts is its status. Errors name the host alone: a URL may be secret.

        Raises:
            InvalidError: `target` is no URL, or its address is private and not allowed.
            UnavailableError: no answer.
        """
        url = parse(target)
        address = await resolve(url.host, url.port or (443 if url.scheme == "https" else 80), self._allowed)
        request = self._http.build_request(
            "POST",
            url.copy_with(host=str(address)),
            content=body,
            headers={"User-Agent": "Andon", **headers, "Host": url.netloc.decode("ascii")},
            # The certificate must be the named host's, though the connection goes to its address.
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )
        try:
            answer = await self._http.send(request, stream=True)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise UnavailableError(f"{url.host} did not answer: {str(error) or type(error).__name__}") from error
        await _hear_out(answer)
        return answer


def parse(target: str) -> httpx.URL:
    """The URL as it is connected to.

    Raises:
        InvalidError: it is none.
    """
    try:
        return httpx.URL(target)
    except httpx.InvalidURL as error:
        raise InvalidError(f"The target is no URL: {error}") from error


async def _hear_out(answer: httpx.Response) -> None:
    """Let a receiver say the rest, if it is short. It has taken the message or not by now, whatever becomes of that."""
    size = 0
    try:
        async with asyncio.timeout(MORE_SECONDS):
            async for part in answer.aiter_raw():
                size += len(part)
                if size > MAX_ANSWER_BYTES:
                    break
    except (TimeoutError, httpx.HTTPError) as error:
        log.debug("the rest of an answer is not waited for", reason=type(error).__name__)
    finally:
        await answer.aclose()
