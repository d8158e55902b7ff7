"""`andon secrets`: what is missing is made, what is there stays, and all of it belongs together."""

import json
import stat
import threading
from pathlib import Path

import nkeys
import pytest

from andon.cli import secrets
from andon.cli.secrets import in_file, in_folder, missing
from andon.common import settings
from andon.common.errors import SetupError
from andon.common.secrets import NAMES, read
from andon.common.settings import NatsSettings, TokenSettings, load
from andon.registry.grafana.assertion import Assertions
from andon.registry.passwords import MIN_LENGTH


def test_everything_is_made_once_and_then_nothing(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    made = in_file(file)
    first = file.read_text()
    assert set(made) == {*NAMES, *secrets.WORDS, "ANDON_AUTH_SEED", "ANDON_AUTH_ISSUER", secrets.ADMIN, secrets.JWKS}
    assert in_file(file) == []
    assert file.read_text() == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_is_there_stays_and_what_follows_from_it_fits(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    pair = nkeys.from_seed(bytearray(nkeys.encode_seed(b"s" * 32, nkeys.PREFIX_BYTE_ACCOUNT)))
    given = {
        "ANDON_TOKEN_SECRET": "t" * 40,
        "ANDON_AUTH_SEED": pair.seed.decode(),
        "POSTGRES_PASSWORD": "of old",
        "ANDON_ADMIN_PASSWORD": "",
    }
    file.write_text("# ours\n" + "\n".join(f"{k}={v}" for k, v in given.items()))  # its last line has no end
    made = in_file(file)
    assert file.read_text().startswith("# ours\n")
    found = read(file)
    assert {name: found[name] for name in list(given)[:3]} == dict(list(given.items())[:3])
    assert not {"ANDON_TOKEN_SECRET", "ANDON_AUTH_SEED", "POSTGRES_PASSWORD"} & set(made)
    assert len(found["ANDON_ADMIN_PASSWORD"]) >= MIN_LENGTH
    assert found["ANDON_AUTH_ISSUER"] == pair.public_key.decode()
    assert found["ANDON_GRAFANA_JWKS"] == _jwks("t" * 40)


def _jwks(secret: str) -> str:
    return json.dumps(Assertions(secret).jwks, separators=(",", ":"))


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"ANDON_AUTH_ISSUER": "A" * 56}, "ANDON_AUTH_ISSUER is not the public key"),
        ({"ANDON_AUTH_SEED": "no seed"}, "ANDON_AUTH_SEED is no nkey seed"),
        ({"ANDON_GRAFANA_JWKS": '{"keys":[]}'}, "ANDON_GRAFANA_JWKS does not belong"),
    ],
)
def test_what_does_not_belong_together_is_refused_and_left_alone(
    tmp_path: Path, wrong: dict[str, str], named: str
) -> None:
    whole = missing({})
    file = tmp_path / "secrets.env"
    if "ANDON_AUTH_ISSUER" in wrong:
        whole["ANDON_AUTH_SEED"] = ""
    text = "".join(f"{k}={v}\n" for k, v in {**whole, **wrong}.items())
    file.write_text(text)
    with pytest.raises(SetupError, match=named):
        in_file(file)
    assert file.read_text() == text


def test_passwords_need_no_escaping_in_an_address() -> None:
    for name, value in missing({}).items():
        if name != secrets.JWKS:
            assert value.replace("-", "").replace("_", "").isalnum(), name


def test_a_folder_has_a_file_for_each_that_services_and_the_first_admin_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (*NAMES, "ANDON_SECRETS_DIR"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "made" / "here"
    in_folder(folder, mode=0o640)
    (folder / "..data").mkdir()  # as Kubernetes mounts it
    assert in_folder(folder) == []
    monkeypatch.setenv("ANDON_SECRETS_DIR", str(folder))
    assert load(NatsSettings).password.get_secret_value() == (folder / "ANDON_NATS_PASSWORD").read_text()
    monkeypatch.setenv("ANDON_TOKEN_SECRET", "e" * 40)
    assert load(TokenSettings).secret.get_secret_value() == "e" * 40  # the environment goes before
    assert stat.S_IMODE((folder / "POSTGRES_PASSWORD").stat().st_mode) == 0o640


def test_a_missing_folder_of_secrets_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANDON_SECRETS_DIR", "/nowhere/secrets")
    with pytest.raises(SetupError, match="/nowhere/secrets is missing"):
        settings.load(NatsSettings)


@pytest.mark.parametrize("make", [lambda place: in_folder(place / "all"), lambda place: in_file(place / "all.env")])
def test_two_at_once_agree(tmp_path: Path, make) -> None:
    made: list[list[str]] = []
    threads = [threading.Thread(target=lambda: made.append(make(tmp_path))) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(map(bool, made)) == [False, False, False, True]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match="file/secrets/ cannot be used"):
        secrets.to_files(f"{tmp_path}/file/secrets/", for_group=False)
