"""A backup that somebody else has made up: it is refused before it does anything, in a sentence."""

import gzip
import io
import tarfile
from pathlib import Path
from typing import Any

import orjson
import pytest

from andon.cli import children
from andon.cli.backup import series
from andon.cli.backup.archive import MANIFEST, reading, writing
from andon.cli.backup.restore import restore
from andon.cli.backup.shape import checked
from andon.cli.home import Home, Room
from andon.cli.settings import UpSettings
from andon.common import secrets
from andon.common.errors import SetupError


def made_up(place: Path, manifest: Any, *members: tarfile.TarInfo) -> Path:
    """A tar of members without content, and a manifest."""
    text = orjson.dumps(manifest)
    info = tarfile.TarInfo(MANIFEST)
    info.size = len(text)
    with tarfile.open(place, "w") as tar:
        for member in members:
            tar.addfile(member)
        tar.addfile(info, io.BytesIO(text))
    return place


def link(name: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = tarfile.SYMTYPE, name
    return info


async def test_what_is_no_secret_does_not_become_an_environment(tmp_path: Path) -> None:
    with writing(tmp_path / "b.tar") as writer:
        writer.add("secrets", b"ANDON_NATS_PASSWORD=x\nPYTHONPATH=/opt/evil\n")
    home = tmp_path / "home"
    with pytest.raises(SetupError, match=r"secrets have what is none: PYTHONPATH"):
        await restore(UpSettings(home=home), tmp_path / "b.tar", replace=False)
    assert not home.exists()


def test_a_file_of_secrets_that_somebody_changed_hands_on_what_is_one(tmp_path: Path) -> None:
    found = {**secrets.generate(), "PYTHONPATH": "/opt/evil", "GODEBUG": "x"}
    own = children.environment(UpSettings(home=tmp_path), Home(tmp_path), found, Room(1, 1, 1))
    servers = children.nats(UpSettings(home=tmp_path), Home(tmp_path), found, Room(1, 1, 1)).environment
    for given in (own, servers):
        assert given["ANDON_NATS_PASSWORD"] == found["ANDON_NATS_PASSWORD"]
        assert not {"PYTHONPATH", "GODEBUG"} & set(given)


@pytest.mark.parametrize(
    "manifest",
    [
        [],
        {"format": 1},
        {"format": 1, "members": {"secrets": 1}},
        {"format": 1, "members": {}, "streams": {"A.B *": {"config": {"name": "A.B *"}, "state": {}}}},
        {"format": 1, "members": {}, "streams": {"A": {"config": {"name": "B"}, "state": {}}}},
        {"format": 1, "members": {}, "streams": {"A\n": {"config": {"name": "A\n"}, "state": {}}}},
        {"format": 1, "members": {}, "databases": {"registry": {}}},
    ],
)
def test_a_manifest_of_another_shape_is_none(tmp_path: Path, manifest: Any) -> None:
    with (
        pytest.raises(SetupError, match=r"b\.tar is no backup of Andon"),
        reading(made_up(tmp_path / "b.tar", manifest)),
    ):
        pass


def test_a_manifest_as_andon_writes_it_is_one() -> None:
    stream = {"config": {"name": "KV_plant"}, "state": {}}
    member = {"bytes": 1, "sha256": "0"}
    assert checked({"format": 1, "members": {"secrets": member}, "streams": {"KV_plant": stream}}) == ""


def test_a_manifest_that_is_a_link_is_none(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        tar.addfile(link(MANIFEST))
    with pytest.raises(SetupError, match="no backup of Andon"), reading(tmp_path / "b.tar"):
        pass


def test_a_link_and_what_the_manifest_does_not_list_are_missing(tmp_path: Path) -> None:
    members = {"secrets": {"bytes": 0, "sha256": "0"}}
    place = made_up(tmp_path / "b.tar", {"format": 1, "members": members}, link("secrets"), tarfile.TarInfo("unlisted"))
    with reading(place) as backup:
        for name in ("secrets", "unlisted"):
            with pytest.raises(SetupError, match=f"lacks {name}"):
                backup.read(name)
        with pytest.raises(SetupError, match="lacks secrets"):
            backup.check()


def test_what_is_small_is_not_read_when_it_is_large(tmp_path: Path) -> None:
    with writing(tmp_path / "b.tar") as writer:
        writer.add("secrets", b"A" * 2**21)
    with reading(tmp_path / "b.tar") as backup, pytest.raises(SetupError, match="too large"):
        backup.read("secrets")


def test_a_line_without_an_end_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series, "WRITE_BYTES", 1000)
    monkeypatch.setattr(series, "MOST_LINE_BYTES", 1000)
    packed = gzip.compress(b"press t=1 1\n" * 10 + b"x" * 10**6)
    with gzip.open(io.BytesIO(packed)) as plain, pytest.raises(SetupError, match="without an end"):
        list(series._blocks(plain))
