"""Bearer tokens given out: kept until they expire, so that each can be revoked."""

import secrets
from collections.abc import Collection, Sequence
from time import time_ns

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from andon.common.reading import NS_PER_S
from andon.registry.storage.tables import TokenRow


async def issue(session: AsyncSession, person: str, *, lifetime: float) -> str:
    """Id (jti) of a new token of `person`, good for `lifetime` seconds; forgets those that have expired."""
    now = time_ns()
    await session.execute(delete(TokenRow).where(TokenRow.expires < now))
    jti = secrets.token_hex(16)
    session.add(TokenRow(jti=jti, person=person, expires=now + round(lifetime * NS_PER_S)))
    return jti


async def extend(session: AsyncSession, jti: str, *, lifetime: float) -> bool:
    """Let a token's id be good for `lifetime` seconds from now; false if it was revoked, or has expired."""
    now = time_ns()
    good = TokenRow.jti == jti, TokenRow.revoked.is_(None), TokenRow.expires >= now
    later = update(TokenRow).where(*good).values(expires=now + round(lifetime * NS_PER_S))
    return await session.scalar(later.returning(TokenRow.jti)) is not None


async def revoke(session: AsyncSession, jti: str) -> None:
    """Revoke one token."""
    await session.execute(update(TokenRow).where(TokenRow.jti == jti).values(revoked=time_ns()))


async def revoke_all(session: AsyncSession, person: str, *, but: str = "") -> None:
    """Revoke all tokens of a person, `but` one."""
    theirs = update(TokenRow).where(TokenRow.person == person, TokenRow.jti != but, TokenRow.revoked.is_(None))
    await session.execute(theirs.values(revoked=time_ns()))


async def sessions(session: AsyncSession, people: Collection[str]) -> dict[str, int]:
    """How many tokens are good, of each of these people who has any."""
    good = TokenRow.person.in_(people), TokenRow.revoked.is_(None), TokenRow.expires >= time_ns()
    counted = select(TokenRow.person, func.count()).where(*good).group_by(TokenRow.person)
    return {str(person): int(count) for person, count in await session.execute(counted)}


async def revoked(session: AsyncSession) -> Sequence[str]:
    """Ids of all tokens that were revoked and have not expired."""
    query = select(TokenRow.jti).where(TokenRow.revoked.is_not(None), TokenRow.expires >= time_ns())
    return (await session.scalars(query)).all()
