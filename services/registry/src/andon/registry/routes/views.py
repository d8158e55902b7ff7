"""Saved views: addresses of the pages by name, one's own and those that others share."""

from fastapi import APIRouter, status

from andon.common.answer import Answer
from andon.common.api import Caller, Page
from andon.common.auth import Principal, Role
from andon.common.errors import ForbiddenError
from andon.registry.addresses import Own
from andon.registry.names import Name, Scope, Strict
from andon.registry.routes.state import Cursor, Limit, Registry
from andon.registry.storage import views
from andon.registry.storage.tables import ViewRow

router = APIRouter(tags=["views"])


class NewView(Strict):
    """An address of these pages, kept under a name. `scope`: who sees all of this part finds it once it is shared.

    Without `scope` that is the caller's own part of the plant. Views are shared by operators and above.
    """

    name: Name
    address: Own
    shared: bool = False
    scope: Scope | None = None


class ViewChange(Strict):
    """What is to change of a view; what is left out stays."""

    name: Name | None = None
    address: Own | None = None
    shared: bool | None = None
    scope: Scope | None = None


class ViewOut(Answer):
    """A view; `owner` is a user name, `mine` whether that is the caller.

    scope: once it is shared, those find it who see all of this part of the plant; '' is all of it.
    """

    id: str
    name: str
    address: str
    shared: bool
    scope: str
    owner: str
    mine: bool


def _out(row: ViewRow, owner: str, caller: Principal) -> ViewOut:
    return ViewOut(
        id=row.id,
        name=row.name,
        address=row.address,
        shared=row.shared,
        scope=row.scope,
        owner=owner,
        mine=row.owner == caller.id,
    )


@router.get("/views")
async def list_views(registry: Registry, caller: Caller, cursor: Cursor = "", limit: Limit = 100) -> Page[ViewOut]:
    """List one's own views and those that are shared, in order of name.

    Of those that others share, the ones for a part of the plant that lies in the caller's own.
    """
    view_id, _, name = cursor.partition(" ")
    async with registry.database.read() as session:
        found = await views.page(session, caller, after=(name, view_id), limit=limit + 1)
    items = [_out(row, owner, caller) for row, owner in found[:limit]]
    more = f"{items[-1].id} {items[-1].name}" if len(found) > limit else None
    return Page(items=items, next_cursor=more)


@router.post("/views", status_code=status.HTTP_201_CREATED)
async def create_view(registry: Registry, caller: Caller, body: NewView) -> ViewOut:
    """Save a view."""
    _require_share(caller, shared=body.shared)
    scope = caller.scope if body.scope is None else body.scope
    caller.require_path(scope)
    async with registry.database.write() as session:
        row = await views.create(
            session, owner=caller.id, name=body.name, address=body.address, shared=body.shared, scope=scope
        )
    return _out(row, caller.name, caller)


@router.patch("/views/{view_id}")
async def change_view(registry: Registry, caller: Caller, view_id: str, body: ViewChange) -> ViewOut:
    """Rename a view, let it lead elsewhere, share it or no longer: its owner or an admin does."""
    if body.scope is not None:
        caller.require_path(body.scope)
    async with registry.database.write() as session:
        row, owner = await views.visible(session, view_id, caller)
        _require_owner(row, caller)
        for field, value in body.model_dump(exclude_none=True).items():
            setattr(row, field, value)
        _require_share(caller, shared=row.shared)
    return _out(row, owner, caller)


@router.delete("/views/{view_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_view(registry: Registry, caller: Caller, view_id: str) -> None:
    """Delete a view: its owner or an admin does."""
    async with registry.database.write() as session:
        row, _ = await views.visible(session, view_id, caller)
        _require_owner(row, caller)
        await session.delete(row)


def _require_share(caller: Principal, *, shared: bool) -> None:
    """Refuse what others would see by somebody who only looks.

    Raises:
        ForbiddenError: it is shared, and they are below operator.
    """
    if shared:
        caller.require_role(Role.OPERATOR)


def _require_owner(row: ViewRow, caller: Principal) -> None:
    """Refuse a change of somebody else's view.

    Raises:
        ForbiddenError: it is not the caller's, who is no admin.
    """
    if row.owner != caller.id and caller.role < Role.ADMIN:
        raise ForbiddenError("A shared view is changed by its owner or an admin; save one of your own")
