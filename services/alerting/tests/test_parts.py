"""The nearest of many names, for a slip of the pen."""

from difflib import get_close_matches
from typing import Any

import pytest

from andon.alerting.routes import parts
from andon.common.plant import Asset, Kind, Plant


def node(path: str, kind: Kind) -> Asset:
    return Asset(id=path, path=path, kind=kind, slug=path.rpartition("/")[2], name="", sensors=())


def test_among_many_machines_few_are_compared_and_the_nearest_is_one_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = list[int]()

    def counting(name: str, known: Any, n: int) -> list[str]:
        compared.append(len(known))
        return get_close_matches(name, known, n)

    monkeypatch.setattr(parts, "get_close_matches", counting)
    plant = Plant()
    plant.put(node("berlin", "site"))
    plant.put(node("berlin/painting", "area"))
    plant.put(node("berlin/painting/line-1", "line"))
    for number in range(3000):
        plant.put(node(f"berlin/painting/line-1/robot-{number:04d}", "machine"))
    for slip in ("robt-0246", "robot-02x46", "rpbot-0246"):
        assert parts.nearest(plant, "", f"berlin/painting/line-1/{slip}") == "berlin/painting/line-1/robot-0246"
    assert max(compared) <= parts.MOST_COMPARED
