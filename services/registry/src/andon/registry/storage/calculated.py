"""Calculated sensors held against the whole plant: no circle, no text for a number; and what is not there yet."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.common.errors import InvalidError
from andon.common.expression import formulas
from andon.common.plant import Asset
from andon.registry.sensors import merge
from andon.registry.storage.tables import AssetRow, TypeRow

MOST_TOLD = 10


async def check_calculated(
    session: AsyncSession, changed: Iterable[list[dict[str, Any]]], concerns: Callable[[str, str | None], bool]
) -> list[str]:
    """Look at the whole plant if there are expressions in what was changed; a sentence for each sensor they wait for.

    changed: the sensors of types and machines, as they are written down.
    concerns: whether a machine, by its path and type, was changed.

    Raises:
        InvalidError: names those that can never be calculated, and why.
    """
    if not any(sensor.get("expression") for sensors in changed for sensor in sensors):
        return []
    types = {row.slug: row.sensors for row in await session.scalars(select(TypeRow))}
    columns = select(AssetRow.id, AssetRow.path, AssetRow.type, AssetRow.sensors).where(AssetRow.kind == "machine")
    rows = [tuple(row) for row in await session.execute(columns)]
    concerned = {path for _, path, type_, _ in rows if concerns(path, type_)}
    return await asyncio.to_thread(_look, rows, types, concerned)  # of ten thousand machines, that takes a while


def _look(rows: list[tuple[Any, ...]], types: dict[str, list[dict[str, Any]]], concerned: set[str]) -> list[str]:
    found, wrong = formulas(
        Asset(id=id_, path=path, kind="machine", slug="", name="", sensors=merge(path, types.get(type_, []), own))
        for id_, path, type_, own in rows
    )
    if told := [sentence for path, sentence in wrong.items() if path.rpartition("/")[0] in concerned]:
        raise InvalidError(_told(told))
    return [
        f"'{formula.sensor.path}' waits for '{path}': there is no such sensor yet"
        for formula in found
        if formula.machine.path in concerned
        for path in formula.missing
    ][:MOST_TOLD]


def _told(sentences: list[str]) -> str:
    more = len(sentences) - MOST_TOLD
    return "; ".join(sentences[:MOST_TOLD]) + (f"; and {more} more" if more > 0 else "")
