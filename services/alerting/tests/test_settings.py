"""Settings and the database refuse to start with what could not work, in a sentence."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from andon.alerting.database import open_database
from andon.alerting.settings import AlertingSettings
from andon.common.errors import SetupError
from andon.common.settings import load


def test_networks_are_a_comma_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANDON_ALERTING_WEBHOOK_ALLOW", "127.0.0.0/8, 10.1.2.3/16,")
    assert load(AlertingSettings).webhook_allow == [ip_network("127.0.0.0/8"), ip_network("10.1.0.0/16")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("SMTP_URL", "mail.example:25"),
        ("SMTP_URL", "http://mail.example"),
        ("SMTP_URL", "smtp://"),
        ("SMTP_URL", "smtp://mail.example:99999"),
        ("SMTP_FROM", "Andon"),
        ("WEBHOOK_ALLOW", "ten"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, field: str, value: str) -> None:
    monkeypatch.setenv(f"ANDON_ALERTING_{field}", value)
    with pytest.raises(SetupError, match=f"ANDON_ALERTING_{field}"):
        load(AlertingSettings)


async def test_a_database_that_cannot_be_opened_names_its_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder, not a database, and long enough to be looked at as one" * 10)
    for path in (tmp_path / "file" / "alerting.db", tmp_path / "file"):
        with pytest.raises(SetupError, match="cannot be opened") as caught:
            async with open_database(f"sqlite+aiosqlite:///{path}"):
                pass
        assert "ANDON_ALERTING_DATABASE_URL" in caught.value.hint


async def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        async with open_database(f"sqlite+aiosqlite:///{tmp_path}/a/b/alerting.db") as database:
            assert await database.check() == ""
