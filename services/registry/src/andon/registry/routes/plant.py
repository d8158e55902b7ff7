"""The plant as one file."""

import asyncio

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from andon.common.api import Caller, needs
from andon.common.auth import Role
from andon.common.errors import BadRequestError, TooLargeError
from andon.registry import plantfile
from andon.registry.routes.state import Registry
from andon.registry.storage import plant
from andon.registry.yamlfile import Form

router = APIRouter(tags=["plant"])

FORMS: dict[str, Form] = {
    "application/json": "json",
    "application/yaml": "yaml",
    "application/x-yaml": "yaml",
    "text/yaml": "yaml",
}


class Applied(BaseModel):
    """How many machine types and nodes were created, changed, and as the file has them already.

    `removed`: a sentence for each type or machine that loses sensors, like `type press loses force (5 machines)`.
    `warnings`: one for each sensor of another machine that an expression waits for.
    """

    created: int
    changed: int
    unchanged: int
    removed: list[str]
    warnings: list[str]


@router.post(
    "/plant",
    dependencies=[Depends(needs(Role.ENGINEER))],
    openapi_extra={"requestBody": {"required": True, "content": {"application/yaml": {}, "application/json": {}}}},
)
async def apply_plant(request: Request, registry: Registry, caller: Caller, *, dry_run: bool = False) -> Applied:
    """Lay a plant file over the plant: all of it or nothing, and what it does not name stays.

    With `dry_run` all is checked and counted, and nothing kept.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in FORMS:
        raise BadRequestError(f"Send application/yaml or application/json, not '{kind:.100}'")
    body = await _body(request)
    async with registry.one_plant_file:
        file = await asyncio.to_thread(plantfile.parse, body, form=FORMS[kind])
    async with registry.database.write() as session:
        done = await plant.apply(session, file, caller)
        await session.flush()
        if dry_run:
            await session.rollback()
    if not dry_run:
        registry.publisher.wake()
    return Applied(**done.counts, removed=done.removed, warnings=done.warnings)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > plantfile.MAX_BYTES:
            raise TooLargeError(f"A plant file may have {plantfile.MAX_BYTES} bytes; apply it in parts")
    return bytes(body)
