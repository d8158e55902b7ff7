"""One's own preferences: language, theme, numbers, clock and sound of the pages."""

from fastapi import APIRouter
from pydantic import Field

from andon.common.answer import Answer
from andon.common.api import Caller
from andon.registry.preferences import Language, PreferencesSpec, Theme
from andon.registry.routes.state import Registry
from andon.registry.storage import people

router = APIRouter(tags=["preferences"])


class Preferences(Answer):
    """How the caller likes the pages; '' is as the browser says.

    A zone or a way of numbers that was good once may be none today: who cannot follow it takes the browser's.
    """

    language: Language = Field(default="")
    theme: Theme = Field(default="")
    numbers: str = Field(default="")
    zone: str = Field(default="")
    sound: bool = Field(default=False)


@router.get("/me/preferences")
async def read_preferences(registry: Registry, caller: Caller) -> Preferences:
    """How the caller likes the pages."""
    async with registry.database.read() as session:
        return Preferences(**(await people.visible(session, caller.id, caller.scope)).preferences)


@router.put("/me/preferences")
async def put_preferences(registry: Registry, caller: Caller, body: PreferencesSpec) -> Preferences:
    """Keep how the caller likes the pages."""
    async with registry.database.write() as session:
        (await people.visible(session, caller.id, caller.scope)).preferences = body.model_dump()
    return Preferences(**body.model_dump())
