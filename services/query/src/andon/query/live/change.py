"""Change: what of the plant is another since it was looked at, as far as it decides who hears what. Pure."""

from typing import NamedTuple, TypeAlias

from andon.common.plant import Asset
from andon.query.branches import Branches

Look: TypeAlias = dict[str, Asset]
"""The plant at one time, by id."""


class Change(NamedTuple):
    """`touched`: ids of machines that may have other listeners now, the gone ones too; `part`: those still there."""

    touched: frozenset[str]
    part: Branches


def look(branches: Branches) -> Look:
    """The plant as it is now."""
    return {asset.id: asset for asset in branches.plant}


def change(branches: Branches, before: Look, now: Look) -> Change:
    """From one look to the next: machines that are new, gone, moved or have other sensors, and those below such nodes.

    What is renamed or gets other limits touches nobody, though it be a type of ten thousand machines.
    """
    touched: set[str] = set()
    for name in before.keys() | now.keys():
        old, new = before.get(name), now.get(name)
        if old is new or _stands(old) == _stands(new):
            continue
        for asset in (old, new):
            if asset is not None and asset.kind != "machine":
                touched.update(machine.id for machine in branches.machines(asset.path))
            elif asset is not None:
                touched.add(name)
    return Change(frozenset(touched), branches.part(now[name] for name in touched if name in now))


def _stands(asset: Asset | None) -> tuple[object, ...]:
    """What decides who may hear of it: where it is, and what can be heard."""
    return () if asset is None else (asset.kind, asset.path, *(sensor.key for sensor in asset.sensors))
