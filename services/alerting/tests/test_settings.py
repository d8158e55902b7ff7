"""Settings that could not work are refused at the start, by name."""

from ipaddress import ip_network

import pytest

from andon.alerting.alarm.retention import DAY
from andon.alerting.settings import AlertingSettings
from andon.common.errors import SetupError
from andon.common.settings import load


def test_networks_are_a_comma_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANDON_ALERTING_WEBHOOK_ALLOW", "127.0.0.0/8, 10.1.2.3/16,")
    assert load(AlertingSettings).webhook_allow == [ip_network("127.0.0.0/8"), ip_network("10.1.0.0/16")]


@pytest.mark.parametrize(("said", "days"), [("1y", 365), ("90d", 90), ("0", 0), (None, 730)])
def test_alarms_are_kept_as_long_as_one_says(monkeypatch: pytest.MonkeyPatch, said: str | None, days: int) -> None:
    if said is not None:
        monkeypatch.setenv("ANDON_ALERTING_RETENTION", said)
    assert load(AlertingSettings).retention == days * DAY


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("SMTP_URL", "mail.example:25"),
        ("SMTP_URL", "http://mail.example"),
        ("SMTP_URL", "smtp://"),
        ("SMTP_URL", "smtp://mail.example:99999"),
        ("SMTP_FROM", "Andon"),
        ("WEBHOOK_ALLOW", "ten"),
        ("RETENTION", "a while"),
        ("RETENTION", "89d"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, field: str, value: str) -> None:
    monkeypatch.setenv(f"ANDON_ALERTING_{field}", value)
    with pytest.raises(SetupError, match=f"ANDON_ALERTING_{field}"):
        load(AlertingSettings)


@pytest.mark.parametrize("value", ["smtp://andon:S3c/ret@mail.example:25", "smtp://andon:S3c#ret@mail.example"])
def test_a_password_that_breaks_its_url_is_not_told(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ANDON_ALERTING_SMTP_URL", value)
    with pytest.raises(SetupError, match="write / as %2F") as caught:
        load(AlertingSettings)
    assert "S3c" not in f"{caught.value} {caught.value.hint}"
