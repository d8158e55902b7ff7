"""A plant file that cannot be used is refused with the place and the reason."""

from pathlib import Path

import pytest

from andon.cli.plant import changes, parse, read
from andon.common.errors import SetupError


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"plant\.yaml cannot be read: No such file"):
        read(tmp_path / "plant.yaml")


def test_bad_yaml_names_line_and_column() -> None:
    with pytest.raises(SetupError, match=r"plant\.yaml line 2, column \d+: "):
        parse(b"sites:\n  - {slug: berlin", "plant.yaml")


@pytest.mark.parametrize("content", [b"", b"- berlin", b"just words"])
def test_what_is_no_plant_is_told(content: bytes) -> None:
    with pytest.raises(SetupError, match="not a plant file") as told:
        parse(content, "plant.yaml")
    assert "sites" in told.value.hint


def test_yaml_cannot_run_code() -> None:
    with pytest.raises(SetupError):
        parse(b"!!python/object/apply:os.system ['true']", "plant.yaml")


def test_json_is_read_as_well() -> None:
    assert parse(b'{"sites": [], "rules": []}', "plant.json") == {"sites": [], "rules": []}


def test_a_plan_has_a_line_for_each_change() -> None:
    fields = [
        {"field": "condition.above", "before": 80, "after": 85},
        {"field": "on_delay", "before": "0s", "after": "5s"},
        {"field": "channels", "before": [], "after": ["team"]},
        {"field": "cause", "before": "", "after": "x" * 100},
    ]
    told = [
        {"kind": "channel", "name": "team", "new": True, "fields": []},
        {"kind": "rule", "name": "Gearbox hot", "new": False, "fields": fields},
    ]
    first, second = changes(told)
    assert first == "  + channel 'team'"
    assert second.startswith("  ~ rule 'Gearbox hot': condition.above 80 → 85, on_delay 0s → 5s, ")
    assert 'channels nothing → ["team"], cause nothing → xxx' in second
    assert second.endswith("x…")
    assert changes(told * 101)[-1] == "  and 2 more"


def test_what_others_have_written_stays_one_line_and_moves_no_cursor() -> None:
    fields = [{"field": "cause", "before": "worn\nbelt", "after": "\x1b[2J\u202egone"}]
    [line] = changes([{"kind": "rule", "name": "Gearbox hot", "new": False, "fields": fields}])
    assert line == "  ~ rule 'Gearbox hot': cause worn belt →  [2J gone"
