"""Routes of policies: whom to call when nobody acknowledges."""

from fastapi import APIRouter, Depends, Request

from andon.alerting.draft import patched
from andon.alerting.notify.plans import put_policy, remove
from andon.alerting.notify.policy import Policy, PolicyDraft, PolicyPatch
from andon.alerting.routes.plans import require_planner
from andon.alerting.tables import PolicyRow
from andon.alerting.tables.written import all_by_name, find
from andon.common.api import Page, current_principal

router = APIRouter(tags=["policies"], dependencies=[Depends(current_principal)])
_planner = [Depends(require_planner)]


@router.get("/policies")
async def list_policies(request: Request) -> Page[Policy]:
    """All policies by name."""
    async with request.app.state.database.read() as session:
        return Page(items=[_policy(row) for row in await all_by_name(session, PolicyRow)])


@router.get("/policies/{policy_id}")
async def read_policy(policy_id: str, request: Request) -> Policy:
    """One policy."""
    async with request.app.state.database.read() as session:
        return _policy(await find(session, PolicyRow, policy_id))


@router.post("/policies", status_code=201, dependencies=_planner)
async def create_policy(draft: PolicyDraft, request: Request) -> Policy:
    """Write a policy; rules name it."""
    async with request.app.state.database.write() as session:
        row = await put_policy(session, draft)
    return _policy(row)


@router.patch("/policies/{policy_id}", dependencies=_planner)
async def change_policy(policy_id: str, patch: PolicyPatch, request: Request) -> Policy:
    """Change some fields of a policy; escalations that go on follow it from their next step on."""
    async with request.app.state.database.write() as session:
        row = await find(session, PolicyRow, policy_id)
        asked = patch.model_dump(mode="json", exclude_unset=True)
        await put_policy(session, patched(PolicyDraft, row.draft, asked), row)
    return _policy(row)


@router.delete("/policies/{policy_id}", status_code=204, dependencies=_planner)
async def delete_policy(policy_id: str, request: Request) -> None:
    """Remove a policy that no rule names."""
    async with request.app.state.database.write() as session:
        await remove(session, await find(session, PolicyRow, policy_id))


def _policy(row: PolicyRow) -> Policy:
    return Policy.model_validate(row.draft | {"id": row.id})
