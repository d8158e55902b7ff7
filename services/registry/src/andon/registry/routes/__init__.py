"""The routes: one file per noun."""

from fastapi import APIRouter

from andon.registry.routes import assets, auth, devices, people, plant, preferences, types, views

router = APIRouter()
for noun in (auth, preferences, views, assets, types, plant, devices, people):
    router.include_router(noun.router)

public = auth.public
