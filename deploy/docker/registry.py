"""Asks a registry, by the HTTP API that all of them speak (OCI distribution), which image a tag names today."""

import hashlib
from typing import Any
from urllib.request import parse_http_list, parse_keqv_list

import httpx

from andon.common.errors import SetupError
from deploy.docker.references import HUB, Reference

HUB_ANSWERS_AT = "registry-1.docker.io"
INDEXES = ("application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json")
"""Lists of one image a platform; one of them is what is pinned, so that every platform gets its own."""
WANTED = frozenset({"linux/amd64", "linux/arm64"})
HINT = "Is the network up, and the name right?"


def digest(client: httpx.Client, image: Reference) -> str:
    """What the tag of an image stands for now, like `sha256:1f3c...`, for all platforms together.

    Raises:
        SetupError: the registry does not answer or has no such image, the image lacks a platform, or what came is not
            what the registry says it is.
    """
    answer = _manifest(client, image)
    found = f"sha256:{hashlib.sha256(answer.content).hexdigest()}"
    told = answer.headers.get("Docker-Content-Digest", found)
    if told != found:
        raise SetupError(f"{image}: the registry speaks of {told}, and sends {found}.", "Try again; ask who runs it.")
    if missing := WANTED - _platforms(answer):
        raise SetupError(f"{image} is not there for {', '.join(sorted(missing))}.", "Name another tag.")
    return found


def _manifest(client: httpx.Client, image: Reference) -> httpx.Response:
    host = HUB_ANSWERS_AT if image.registry == HUB else image.registry
    scheme = "http" if host.split(":")[0] in ("localhost", "127.0.0.1") else "https"
    url = f"{scheme}://{host}/v2/{image.repository}/manifests/{image.tag}"
    headers = {"Accept": ", ".join(INDEXES)}
    answer = _get(client, url, image, headers=headers)
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        headers["Authorization"] = f"Bearer {_token(client, image, answer.headers.get('WWW-Authenticate', ''))}"
        answer = _get(client, url, image, headers=headers)
    if answer.status_code != httpx.codes.OK:
        raise SetupError(f"{image}: {host} answers {answer.status_code}.", HINT)
    return answer


def _token(client: httpx.Client, image: Reference, challenge: str) -> str:
    """A token to read with, which registries give to anybody for images that are public."""
    kind, _, rest = challenge.partition(" ")
    asked = parse_keqv_list(parse_http_list(rest))
    if kind.lower() != "bearer" or "realm" not in asked:
        raise SetupError(f"{image}: {image.registry} wants a password.", "Name an image that everybody may read.")
    answer = _get(client, asked.pop("realm"), image, params=asked)
    if answer.status_code != httpx.codes.OK:
        raise SetupError(f"{image}: {image.registry} gives no token, but answers {answer.status_code}.", HINT)
    told: dict[str, str] = answer.json()
    return told.get("token") or told["access_token"]


def _platforms(answer: httpx.Response) -> set[str]:
    if answer.headers.get("Content-Type", "").split(";")[0] not in INDEXES:
        return set()
    manifests: list[dict[str, Any]] = answer.json()["manifests"]
    places = [one.get("platform", {}) for one in manifests]
    return {f"{one.get('os')}/{one.get('architecture')}" for one in places}


def _get(client: httpx.Client, url: str, image: Reference, **options: Any) -> httpx.Response:
    try:
        return client.get(url, **options)
    except httpx.HTTPError as error:
        why = str(error) or type(error).__name__
        raise SetupError(f"{image}: {httpx.URL(url).host} cannot be reached: {why}.", HINT) from None
