"""The plant file laid over what is there: in one transaction, idempotent, and what it does not name stays."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.common.auth import Principal
from andon.common.errors import ForbiddenError, InvalidError
from andon.common.plant import Sensor, is_below
from andon.registry import documents, layout, plantfile, retyped, sensors
from andon.registry.calculated import check_scope
from andon.registry.names import new_id
from andon.registry.plantfile import Node, PlantFile, TypeSpec
from andon.registry.removed import keys, removed
from andon.registry.storage import types
from andon.registry.storage.assets import retype, whole
from andon.registry.storage.calculated import check_calculated
from andon.registry.storage.fields import fields_of
from andon.registry.storage.tables import AssetRow, TypeRow
from andon.registry.storage.within import within
from andon.registry.yamlfile import Location


@dataclass
class Outcome:
    """What laying a file over the plant did: counts of types and nodes, and sensors it took away.

    warnings: what calculated sensors wait for, and which sensors of a machine of another type have another datatype.
    """

    counts: Counter[str]
    removed: list[str]
    warnings: list[str]


async def apply(session: AsyncSession, plant: PlantFile, caller: Principal) -> Outcome:
    """Lay the file over the plant.

    Raises:
        InvalidError: a machine is of a type that is nowhere, or at odds with its type or the history.
        ForbiddenError: it names a node outside the caller's part of the plant, or changes one above it, or a type.
    """
    known = await types.all_types(session)
    plantfile.check_types(plant, known)
    there = await _rows_of(session, plant)
    before, leaving = keys(known, there.values()), _leaving(plant, there, known)
    counts = Counter(created=0, changed=0, unchanged=0)
    for slug, spec in plant.types.items():
        outcome = await types.put(session, slug, **_fields_of_type(spec))
        if outcome != "unchanged" and caller.scope:
            raise ForbiddenError(f"types.{slug}: machine types are changed by those who may see the whole plant")
        counts[outcome] += 1
    await session.flush()  # types first, for the machines name them
    for node in plantfile.nodes(plant):
        if not is_below(caller.scope, node.path):  # else what stays unchanged would tell that it is there
            caller.require_path(node.path)
        had = there[node.path].sensors if node.path in there else []
        outcome = _lay(session, there, node)
        check_scope(node.path, had, there[node.path].sensors, caller)
        if outcome != "unchanged":
            caller.require_path(node.path)
        counts[outcome] += 1
    await _check_machines(session, plant, there)
    warnings = await _check_calculated(session, plant, there)
    warnings += await _other_datatypes(session, there, leaving)
    after = keys(await types.all_types(session), there.values())
    return Outcome(counts, removed(before, after, await types.machine_counts(session)), warnings)


def _leaving(plant: PlantFile, there: dict[str, AssetRow], known: dict[str, TypeRow]) -> dict[str, tuple[Sensor, ...]]:
    """The sensors of machines to which the file gives another type, by path."""
    found = {}
    for node in plantfile.nodes(plant):
        row, fields = there.get(node.path), _fields(node)
        if row is not None and fields.get("type", row.type) != row.type:
            found[row.path] = sensors.merge(row.path, known[row.type].sensors if row.type else [], row.sensors)
    return found


async def _other_datatypes(
    session: AsyncSession, there: dict[str, AssetRow], leaving: dict[str, tuple[Sensor, ...]]
) -> list[str]:
    """A sentence for each sensor of a machine of another type that has another datatype now."""
    after = await whole(session, [there[path] for path in leaving])
    return [one for asset in after for one in retyped.other_datatypes(asset.path, leaving[asset.path], asset.sensors)]


async def _check_calculated(session: AsyncSession, plant: PlantFile, there: dict[str, AssetRow]) -> list[str]:
    """Refuse what in the file can never be calculated; a sentence for each sensor it waits for."""
    paths = {node.path for node in plantfile.nodes(plant)}
    changed = [row.sensors for row in (await types.all_types(session)).values()]
    changed += [row.sensors for row in there.values()]
    return await check_calculated(session, changed, lambda path, type_: path in paths or type_ in plant.types)


async def _check_machines(session: AsyncSession, plant: PlantFile, there: dict[str, AssetRow]) -> None:
    """Refuse what is at odds with the history or its type: with its place what is in the file, then the rest."""
    known = await types.all_types(session)
    fields = await fields_of(session, {*plant.types, *(row.type for row in there.values())})
    mistakes: list[tuple[Location, str]] = []
    for slug in plant.types:
        with _noted(mistakes, ("types", slug)):
            types.claim(fields, known[slug])
        on_page = layout.mistakes(known[slug].page, known[slug].sensors)
        mistakes += ((("types", slug, *where), mistake) for where, mistake in on_page)
    plant.refuse(mistakes)
    for node in plantfile.nodes(plant):
        row = there[node.path]
        with _noted(mistakes, node.location):
            merged = sensors.check(row.path, known[row.type].sensors if row.type else [], row.sensors)
            fields.claim(f"'{row.path}'", row.type, merged)
    plant.refuse(mistakes)
    for slug in plant.types:
        await types.check_machines(session, slug)


@contextmanager
def _noted(mistakes: list[tuple[Location, str]], location: Location) -> Iterator[None]:
    """What is refused in the block is one more mistake at `location`."""
    try:
        yield
    except InvalidError as error:
        mistakes.append((location, str(error)))


async def _rows_of(session: AsyncSession, plant: PlantFile) -> dict[str, AssetRow]:
    """The rows of all sites that the file names, by path."""
    there: dict[str, AssetRow] = {}
    for site in plant.sites:
        query = select(AssetRow).where(within(AssetRow.path, site.slug)).order_by(AssetRow.path)
        there.update({row.path: row for row in await session.scalars(query)})
    return there


def _lay(session: AsyncSession, there: dict[str, AssetRow], node: Node) -> str:
    """Create or change one node; fields that the file does not name stay."""
    fields = _fields(node)
    row = there.get(node.path)
    if row is None:
        parent = there.get(node.path.rpartition("/")[0])
        row = AssetRow(id=new_id(), parent=parent and parent.id, kind=node.kind, slug=node.spec.slug, path=node.path)
        for name, value in {"name": node.spec.slug, "labels": {}, "sensors": [], "documents": [], **fields}.items():
            setattr(row, name, value)
        session.add(row)
        there[node.path] = row
        return "created"
    different = {name: value for name, value in fields.items() if getattr(row, name) != value}
    for name, value in different.items():
        if name == "type":
            retype(row, value)
        else:
            setattr(row, name, value)
    return "changed" if different else "unchanged"


def _fields(node: Node) -> dict[str, Any]:
    spec, given = node.spec, node.spec.model_fields_set
    fields: dict[str, Any] = {"labels": spec.labels} if "labels" in given else {}
    fields.update({"documents": documents.written(spec.documents)} if "documents" in given else {})
    if spec.name is not None:
        fields["name"] = spec.name
    if isinstance(spec, plantfile.MachineSpec):
        fields.update({"type": spec.type} if "type" in given else {})
        fields.update({"sensors": sensors.written(spec.sensors)} if "sensors" in given else {})
    return fields


def _fields_of_type(spec: TypeSpec) -> dict[str, Any]:
    given = spec.model_fields_set
    return {
        "name": spec.name,
        "sensors": sensors.written(spec.sensors) if "sensors" in given else None,
        "documents": documents.written(spec.documents) if "documents" in given else None,
        "page": layout.written(spec.page) if "page" in given else None,
    }
