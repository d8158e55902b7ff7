"""The routes: one file per noun."""

from fastapi import APIRouter

from andon.registry.routes import assets, auth, devices, grafana, people, plant, preferences, types, views

router = APIRouter()
for noun in (auth, preferences, views, assets, types, plant, devices, people, grafana):
    router.include_router(noun.router)

public = APIRouter()
for noun in (auth, grafana):
    public.include_router(noun.public)
