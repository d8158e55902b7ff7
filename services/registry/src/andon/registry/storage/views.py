"""Saved views: an address of the pages under a name, one's own or shared.

A view is an address only: what its page shows is cut to whoever opens it. Its name and address are words, though, and
may tell of machines. So a shared view has a part of the plant, by default all that its writer sees, and is there for
those who see the whole of that part: whatever its words tell of, they may know of. It stays that part when the writer's
own becomes another. Whoever wants people of one line to have it shares it with that line.
"""

from collections.abc import Sequence

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from andon.common.auth import Principal
from andon.common.errors import ConflictError, NotFoundError
from andon.common.plant import is_below
from andon.registry.names import new_id
from andon.registry.storage.tables import PersonRow, ViewRow
from andon.registry.storage.within import within

MAX_PER_PERSON = 200


async def page(
    session: AsyncSession, caller: Principal, *, after: tuple[str, str], limit: int
) -> Sequence[tuple[ViewRow, str]]:
    """Up to `limit` views that the caller has or is shared, each with its owner's user name.

    after: the last one's name and id, for they come in this order; two empty texts: from the first on.
    """
    name, view_id = after
    theirs = or_(ViewRow.owner == caller.id, and_(ViewRow.shared, within(ViewRow.scope, caller.scope)))
    later = or_(ViewRow.name > name, and_(ViewRow.name == name, ViewRow.id > view_id))
    query = select(ViewRow, PersonRow.username).join(PersonRow, PersonRow.id == ViewRow.owner).where(theirs, later)
    return [(row, owner) for row, owner in await session.execute(query.order_by(ViewRow.name, ViewRow.id).limit(limit))]


async def create(session: AsyncSession, *, owner: str, name: str, address: str, shared: bool, scope: str) -> ViewRow:
    """A new view of the person `owner`.

    Raises:
        ConflictError: they have too many.
    """
    count = await session.scalar(select(func.count()).where(ViewRow.owner == owner))
    if count is not None and count >= MAX_PER_PERSON:
        raise ConflictError(f"You have {MAX_PER_PERSON} views already; delete one first")
    row = ViewRow(id=new_id(), owner=owner, name=name, address=address, shared=shared, scope=scope)
    session.add(row)
    return row


async def visible(session: AsyncSession, view_id: str, caller: Principal) -> tuple[ViewRow, str]:
    """A view that the caller has or is shared, and its owner's user name.

    Raises:
        NotFoundError: there is none, or none the caller may see.
    """
    query = select(ViewRow, PersonRow.username).join(PersonRow, PersonRow.id == ViewRow.owner)
    found = (await session.execute(query.where(ViewRow.id == view_id))).first()
    if found is not None:
        row, owner = found
        if row.owner == caller.id or (row.shared and is_below(row.scope, caller.scope)):
            return row, owner
    raise NotFoundError(f"There is no view '{view_id:.64}'")


async def leave(session: AsyncSession, person: str, heir: str) -> None:
    """The person goes, and their own views with them; what others use is `heir`'s from now on."""
    if heir != person:
        shared = update(ViewRow).where(ViewRow.owner == person, ViewRow.shared)
        await session.execute(shared.values(owner=heir))
    await session.execute(delete(ViewRow).where(ViewRow.owner == person))
