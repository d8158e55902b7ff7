"""Talks to a running Andon over HTTP, as the first admin or with ANDON_TOKEN."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from types import TracebackType
from typing import Any, Self

import httpx

from andon.cli.command import andon
from andon.cli.home import Home
from andon.cli.settings import UpSettings
from andon.common.errors import SetupError

ALERTING = ("channels", "calendars", "schedules", "policies", "rules")
"""Sections of a plant file that are alerting's."""


class Client:
    """One Andon. Use with `async with`; signs in at the first call that needs it."""

    def __init__(self, settings: UpSettings) -> None:
        self.url = settings.api_url
        self._home = Home(settings.home.resolve())
        self._token = settings.token
        self._given = settings.admin_password.get_secret_value()
        self._http = httpx.AsyncClient(base_url=self.url, timeout=60, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def token(self) -> str:
        """The bearer token: ANDON_TOKEN, else one for the first admin.

        Raises:
            SetupError: there is no password to sign in with, or it is not the right one.
        """
        if not self._token:
            form = {"username": "admin", "password": self._password()}
            answer = await self._send("POST", "/api/registry/v1/auth/token", data=form)
            if answer.status_code == 401:
                hint = "It was changed since. Sign in on the pages, make a token, and set ANDON_TOKEN to it."
                place = "ANDON_ADMIN_PASSWORD" if self._given else str(self._home.admin_password)
                raise SetupError(f"The password in {place} is not good any more.", hint)
            self._token = str(_content(answer)["access_token"])
        return self._token

    async def call(self, method: str, path: str, **arguments: Any) -> Any:
        """One call; the JSON of the answer.

        Raises:
            SetupError: Andon does not answer, or says no; carries its words.
        """
        headers = {"Authorization": f"Bearer {await self.token()}", **arguments.pop("headers", {})}
        return _content(await self._send(method, path, headers=headers, **arguments))

    async def download(self, path: str) -> bytes:
        """The bytes of an answer.

        Raises:
            SetupError: Andon does not answer, or says no; carries its words.
        """
        answer = await self._send("GET", path, headers={"Authorization": f"Bearer {await self.token()}"})
        return answer.content if answer.is_success else bytes(_content(answer))

    @asynccontextmanager
    async def stream(self, path: str, params: dict[str, Any]) -> AsyncIterator[httpx.Response]:
        """The answer of a GET, to be read piece by piece, however long it takes to come.

        Raises:
            SetupError: Andon does not answer, says no, or breaks off.
        """
        headers, patience = {"Authorization": f"Bearer {await self.token()}"}, httpx.Timeout(60, read=None)
        try:
            async with self._http.stream("GET", path, params=params, headers=headers, timeout=patience) as answer:
                if not answer.is_success:
                    await answer.aread()
                    _content(answer)
                yield answer
        except httpx.HTTPError as error:
            raise SetupError(
                f"Andon broke off: {str(error) or type(error).__name__}.", "What came is not whole."
            ) from None

    async def apply_plant(self, content: bytes, kind: str, *, dry_run: bool = False) -> dict[str, Any]:
        """Load a plant file into the registry, or only try to; `kind` is its media type.

        Counts created, changed, unchanged; `removed` are sentences about sensors it takes away.
        """
        done: dict[str, Any] = await self.call(
            "POST",
            "/api/registry/v1/plant",
            content=content,
            headers={"Content-Type": kind},
            params={"dry_run": dry_run},
        )
        return done

    async def apply_rules(self, plant: dict[str, Any], *, dry_run: bool = False) -> dict[str, Any]:
        """Load what of a plant file is alerting's, or only try to: channels, calendars, schedules, policies, rules.

        Counts created, changed, unchanged; `changes` are what is new or becomes another, field by field; `idle` are the
        names of rules that watch no sensor.
        """
        body = json.dumps({section: plant.get(section) or [] for section in ALERTING}, default=_iso)
        done: dict[str, Any] = await self.call(
            "POST",
            "/api/alerting/v1/apply",
            content=body,
            headers={"Content-Type": "application/json"},
            params={"dry_run": dry_run},
        )
        return done

    def _password(self) -> str:
        if self._given:
            return self._given
        file = self._home.admin_password
        try:
            return file.read_text().strip()
        except FileNotFoundError:
            hint = f"Run this in the folder of '{andon('up')}', set ANDON_HOME, or set ANDON_TOKEN to a token."
            raise SetupError(f"There is no password to sign in with: {file} is missing.", hint) from None
        except PermissionError:
            raise SetupError(f"{file} belongs to somebody else.", "Set ANDON_TOKEN to a token of your own.") from None

    async def _send(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        try:
            return await self._http.request(method, path, **arguments)
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            hint = f"Start it with '{andon('up')}', or set ANDON_URL (another machine) or ANDON_PORT (another port)."
            raise SetupError(f"Andon does not answer at {self.url}: {reason}.", hint) from None


def _content(answer: httpx.Response) -> Any:
    """The JSON of an answer; SetupError with the server's own words when it is an error."""
    if answer.is_success:
        return answer.json() if answer.content else None
    try:
        detail = str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        detail = answer.text[:300]
    raise SetupError(f"{answer.request.method} {answer.request.url.path}: {detail} ({answer.status_code})")


def _iso(value: object) -> str:
    """Dates and times, which YAML reads as such.

    Raises:
        TypeError: something else that JSON has no word for.
    """
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} is neither text, number, list nor map")
