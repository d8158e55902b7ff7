"""People: who signs in, with which role, for which part of the plant."""

from collections.abc import Sequence
from time import time_ns

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.common.auth import Principal, Role
from andon.common.errors import ConflictError, NotFoundError
from andon.common.plant import is_below
from andon.registry.names import new_id
from andon.registry.storage.tables import PersonRow
from andon.registry.storage.within import within


async def page(session: AsyncSession, *, scope: str, after: str, limit: int) -> Sequence[PersonRow]:
    """Up to `limit` people in order of user name, in `scope`, those after the user name `after`."""
    query = select(PersonRow).where(PersonRow.username > after, within(PersonRow.scope, scope))
    return (await session.scalars(query.order_by(PersonRow.username).limit(limit))).all()


async def by_username(session: AsyncSession, username: str) -> PersonRow | None:
    """The person who signs in with this user name."""
    found: PersonRow | None = await session.scalar(select(PersonRow).where(PersonRow.username == username))
    return found


async def create(session: AsyncSession, *, username: str, password: str, role: Role, scope: str) -> PersonRow:
    """A new person; `password` is the hash.

    Raises:
        ConflictError: the user name is taken.
    """
    if await by_username(session, username):
        raise ConflictError(f"There is a person '{username}' already")
    row = PersonRow(
        id=new_id(), username=username, password=password, role=role.name.lower(), scope=scope, created=time_ns()
    )
    session.add(row)
    return row


async def visible(session: AsyncSession, person_id: str, scope: str) -> PersonRow:
    """The person, if their part of the plant lies within `scope`.

    Raises:
        NotFoundError: there is nobody, or nobody the caller may see.
    """
    row = await session.get(PersonRow, person_id)
    if row is None or not is_below(row.scope, scope):
        raise NotFoundError(f"There is no person '{person_id:.64}'")
    return row


async def require_admin(session: AsyncSession) -> None:
    """Refuse a change after which nobody could administer the whole plant; call it before the end of the change.

    Raises:
        ConflictError: there would be no such admin.
    """
    await session.flush()
    admins = select(func.count()).where(PersonRow.role == Role.ADMIN.name.lower(), PersonRow.scope == "")
    if not await session.scalar(admins):
        raise ConflictError("This is the last admin of the whole plant; make somebody else one first")


async def anybody(session: AsyncSession) -> bool:
    """Whether there is anybody at all."""
    return await session.scalar(select(PersonRow.id).limit(1)) is not None


def principal(row: PersonRow) -> Principal:
    """The caller this person is once signed in."""
    return Principal(id=row.id, name=row.username, role=Role[row.role.upper()], scope=row.scope)
