"""Routes of imports: try a file, import it, see how far it is, take what could not be used, cancel. For engineers."""

from collections.abc import AsyncIterator
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, field_validator

from andon.common.api import Caller, Page, needs
from andon.common.auth import Principal, Role
from andon.ingest.imports.imports import Imports
from andon.ingest.imports.moments import mistake_in
from andon.ingest.imports.order import Encoding, Format, Layout, Options
from andon.ingest.imports.upload import MOST_BYTES
from andon.ingest.imports.view import ImportView, view

PATH = "/imports"
FILES = {PATH: MOST_BYTES}
"""The route that takes files, and the most bytes of one."""

router = APIRouter(prefix=PATH, dependencies=[Depends(needs(Role.ENGINEER))])

_FILE = {"schema": {"type": "string", "format": "binary"}}
_TYPES = (
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.apache.parquet",
    "application/octet-stream",
)
_BODY = {"requestBody": {"required": True, "content": dict.fromkeys(_TYPES, _FILE)}}


class Asked(BaseModel):
    """How the file is written, where it does not say so itself."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=200, description="Of the file, to be told apart by")] = ""
    dry_run: Annotated[bool, Field(description="Only read it, and say what stands in it")] = False
    format: Annotated[Format | None, Field(description="What the file has to be; else its first bytes tell")] = None
    layout: Annotated[
        Layout | None, Field(description="wide: a column for each sensor; long: a row for each sample")
    ] = None
    asset: Annotated[
        str,
        Field(
            max_length=500,
            description="Machine, by path or id, that the file is for and no other: keys may stand for its sensors",
        ),
    ] = ""
    tz: Annotated[str, Field(max_length=64, description="Zone of times without an offset: Europe/Berlin")] = ""
    time_format: Annotated[
        str, Field(max_length=64, description="How times are written, as strptime has it: %d.%m.%Y %H:%M:%S")
    ] = ""
    separator: Annotated[str, Field(pattern=r"^([,;|\t ]|tab)?$", description="Of CSV's columns: , ; | or tab")] = ""
    decimal: Annotated[str, Field(pattern=r"^[.,]?$", description="Decimal mark of CSV's numbers")] = ""
    encoding: Encoding | None = None
    sheet: Annotated[str, Field(max_length=100, description="Of a workbook; else its first")] = ""

    @field_validator("tz")
    @classmethod
    def _known(cls, tz: str) -> str:
        try:
            ZoneInfo(tz or "UTC")
        except (ValueError, OSError, LookupError):
            raise ValueError(f"'{tz}' is no time zone; write one like Europe/Berlin") from None
        return tz

    @field_validator("time_format")
    @classmethod
    def _whole(cls, pattern: str) -> str:
        if pattern and not (
            "%Y" in pattern or "%y" in pattern or "%s" in pattern or "%c" in pattern or "%x" in pattern
        ):
            raise ValueError("has to hold a date: write like %d.%m.%Y %H:%M:%S")
        if wrong := mistake_in(pattern):
            raise ValueError(wrong)
        return pattern

    def options(self) -> Options:
        """The same for who reads the file."""
        given = self.model_dump(exclude={"name", "dry_run"})
        return Options(**{**given, "separator": given["separator"].replace("tab", "\t")})


def _imports(request: Request) -> Imports:
    found: Imports = request.app.state.imports
    return found


@router.post("", status_code=202, openapi_extra=_BODY, summary="Import history from a CSV, XLSX or Parquet file")
async def start_import(request: Request, caller: Caller, asked: Annotated[Asked, Query()]) -> ImportView:
    """Take a file, at most 1 GiB, as the request's body; the answer's `id` asks how far it is.

    A dry run reads all of it and sends nothing. An import may reach back as far as it likes; what the plant does not
    know is left out and told. To import a file again is harmless: the same times are written over.
    """
    job = await _imports(request).start(
        request.stream(), caller, asked.options(), name=asked.name, dry_run=asked.dry_run
    )
    return view(job)


@router.get("", summary="The last imports, newest first")
async def list_imports(request: Request, caller: Caller) -> Page[ImportView]:
    """Those of the caller's part of the plant, without their reports."""
    return Page(items=await _imports(request).list(caller))


@router.get("/{name}", summary="How far an import is; at its end, what stood in the file")
async def read_import(request: Request, caller: Caller, name: str) -> ImportView:
    """One import, with its report once it is done."""
    return await _imports(request).find(name, caller)


@router.delete("/{name}", status_code=204, summary="Cancel an import, or forget one that has ended")
async def end_import(request: Request, caller: Caller, name: str) -> Response:
    """What is imported already stays."""
    await _imports(request).end(name, caller)
    return Response(status_code=204)


@router.get(
    "/{name}/refused",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}},
    summary="What could not be used, as CSV",
)
async def read_refused(request: Request, caller: Caller, name: str) -> Response:
    """Row by row with its reason, in the long layout: mended, the file can be imported as it is."""
    imports = _imports(request)
    first = await imports.refused(name, caller, 0)  # what is wrong is told before it begins
    attached = {"Content-Disposition": f'attachment; filename="refused-{name}.csv"'}
    return StreamingResponse(_pieces(imports, name, caller, first), headers=attached, media_type="text/csv")


async def _pieces(imports: Imports, name: str, caller: Principal, first: bytes) -> AsyncIterator[bytes]:
    piece, at = first, 0
    while piece:
        yield piece
        at += len(piece)
        piece = await imports.refused(name, caller, at)
