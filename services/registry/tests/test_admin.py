"""The first admin: generated once, readable by the machine's owner alone."""

import stat

import pytest

from andon.common.errors import SetupError


async def test_the_first_password_is_generated_once(start) -> None:
    registry = await start()
    file = registry.folder / "admin-password"
    password = file.read_text()
    assert len(password.strip()) == 20
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (await registry.http.get("/me")).json()["role"] == "admin"
    await registry.stop()
    again = await start()
    assert file.read_text() == password
    assert [p["username"] for p in (await again.http.get("/people")).json()["items"]] == ["admin"]


async def test_a_changed_password_is_not_set_back_and_no_file_is_written_again(start) -> None:
    registry = await start()
    file = registry.folder / "admin-password"
    old = file.read_text().strip()
    body = {"current": old, "new": "a password of my own"}
    assert (await registry.http.post("/me/password", json=body)).status_code == 204
    await registry.stop()
    file.write_text("a password of my own")
    again = await start()
    answer = await again.stranger().post("/auth/token", data={"username": "admin", "password": old})
    assert answer.status_code == 401
    assert file.read_text() == "a password of my own"


async def test_a_start_cut_short_goes_on_with_the_password_it_wrote(start, tmp_path) -> None:
    (tmp_path / "admin-password").write_text("written just before\n")
    registry = await start()
    await registry.sign_in("admin", "written just before")


@pytest.mark.parametrize("content", [b"", b"short", b"\xff\xfe\xfd" * 10])
async def test_a_file_that_holds_no_password_stops_the_start(start, tmp_path, content: bytes) -> None:
    (tmp_path / "admin-password").write_bytes(content)
    with pytest.raises(SetupError) as error:
        await start()
    assert "Remove" in error.value.hint


async def test_a_folder_that_cannot_be_written_stops_the_start(start, tmp_path, monkeypatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("ANDON_REGISTRY_ADMIN_PASSWORD_FILE", str(tmp_path / "file" / "admin-password"))
    with pytest.raises(SetupError, match="cannot be written"):
        await start()


async def test_a_password_that_is_given_is_taken_and_no_file_written(start, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("ANDON_REGISTRY_ADMIN_PASSWORD", "short")
    with pytest.raises(SetupError, match="less than 10 characters"):
        await start()
    (tmp_path / "admin-password").write_text("of another Andon")
    monkeypatch.setenv("ANDON_REGISTRY_ADMIN_PASSWORD", "given by who runs it")
    with pytest.raises(AssertionError, match="401"):  # the story signs in by the file
        await start()
    (tmp_path / "admin-password").write_text("given by who runs it")
    registry = await start()
    assert (await registry.http.get("/me")).json()["username"] == "admin"
