"""The mail about a transition: what, how much, where, since when, and nothing that a hostile name could smuggle in."""

from collections.abc import Mapping
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import AuthResult, LoginPassword
from pydantic import SecretStr

from andon.alerting.couriers.email import Mail, compose
from andon.alerting.settings import AlertingSettings
from andon.common.errors import UnavailableError
from andon.common.testing.ports import free_port

HOSTILE = '<script>alert("x")</script>\r\nBcc: everybody@example.com\u2028&'


def payload(*, active: bool = True, **alarm: Any) -> dict[str, Any]:
    known = {
        "rule_name": "Gearbox hot",
        "asset": "berlin/painting/line-1/robot-3",
        "sensor": "berlin/painting/line-1/robot-3/temperature",
        "asset_name": "Robot 3",
        "active": active,
        "severity": "high",
        "since": "2026-11-23T12:00:00.000Z",
        "message": "Gearbox temperature is 81.2 °C, above 80 °C",
    }
    return {
        "alarm": known | alarm,
        "transition": {"at": "2026-11-23T14:05:07.000Z"},
        "key": "a1b2/2",
        "text": {"value": "81.2 °C", "limit": "80 °C", "sensor_name": "Gearbox temperature"},
    }


def mail(content: Mapping[str, Any]) -> tuple[Any, str, str]:
    """The message as a mail program reads it, its text and its HTML."""
    made = compose(content, sender="Andon <andon@x.org>", target="team@example.com", public_url="http://andon.test/")
    read = message_from_bytes(made.as_bytes(), policy=policy.default)
    text, html = (read.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    return read, text.get_content(), html.get_content()


def test_a_raised_alarm_is_told_in_full() -> None:
    message, text, html = mail(payload())
    assert message["Subject"] == "[high] Gearbox hot — Robot 3 (berlin/painting/line-1)"
    assert (message["From"], message["To"]) == ("Andon <andon@x.org>", "team@example.com")
    assert text.splitlines() == [
        "[high] Gearbox hot",
        "",
        "Gearbox temperature is 81.2 °C, above 80 °C",
        "",
        "Machine:  Robot 3",
        "Where:    berlin / painting / line-1",
        "Sensor:   Gearbox temperature",
        "Value:    81.2 °C",
        "Limit:    80 °C",
        "Severity: high",
        "Since:    2026-11-23 12:00:00 UTC",
        "",
        "http://andon.test/plant/berlin/painting/line-1/robot-3/temperature",
    ]
    for fact in ("81.2 °C", "80 °C", "Robot 3", "2026-11-23 12:00:00 UTC", "plant/berlin/painting/line-1/robot-3"):
        assert fact in html


def test_a_cleared_alarm_says_how_long_it_lasted() -> None:
    message, text, html = mail(payload(active=False))
    assert message["Subject"].startswith("[cleared] Gearbox hot")
    assert "Gearbox temperature is back to 81.2 °C" in text
    assert "2026-11-23 14:05:07 UTC, after 2 h 5 min" in text
    assert "after 2 h 5 min" in html


@pytest.mark.parametrize("field", ["rule_name", "asset_name", "message"])
def test_hostile_names_stay_text(field: str) -> None:
    content = payload()
    content["alarm"][field] = HOSTILE
    message, text, html = mail(content)
    assert message["Bcc"] is None
    assert len(message.get_all("Subject")) == 1
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert not any(line.startswith("Bcc:") for line in text.splitlines())


def test_a_hostile_path_stays_inside_its_link() -> None:
    _, _, html = mail(payload(sensor='berlin/"onmouseover="x/robot 3'))
    assert 'href="http://andon.test/plant/berlin/%22onmouseover%3D%22x/robot%203"' in html


def test_a_very_long_name_is_cut_in_the_subject() -> None:
    message, _, _ = mail(payload(rule_name="x" * 5000))
    assert len(message["Subject"]) == 250


def test_the_same_transition_has_the_same_message_id() -> None:
    assert mail(payload())[0]["Message-ID"] == mail(payload())[0]["Message-ID"] == "<a1b2.2@andon.invalid>"


def test_a_switch_has_no_limit_to_tell() -> None:
    content = payload()
    content["text"] |= {"value": "true", "limit": ""}
    _, text, html = mail(content)
    assert "Limit" not in text + html


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_the_mail_server_gets_the_password_it_asks_for() -> None:
    heard = list[tuple[bytes, bytes]]()

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, login: LoginPassword) -> AuthResult:
        heard.append((login.login, login.password))
        return AuthResult(success=login.password == b"p@ss", handled=False)

    port = free_port()
    server = Controller(
        Sink(), hostname="127.0.0.1", port=port, authenticator=check, auth_required=True, auth_require_tls=False
    )
    server.start()
    try:
        right, wrong = (
            Mail(AlertingSettings(smtp_url=SecretStr(f"smtp://andon:{password}@127.0.0.1:{port}")))
            for password in ("p%40ss", "guess")
        )
        await right.send("team@example.com", payload())
        with pytest.raises(UnavailableError, match=r"127\.0\.0\.1 did not take the message") as caught:
            await wrong.send("team@example.com", payload())
    finally:
        server.stop(no_assert=True)
    assert heard[0] == (b"andon", b"p@ss")
    assert "guess" not in str(caught.value)


async def test_without_a_mail_server_the_setting_is_named() -> None:
    with pytest.raises(UnavailableError, match="set ANDON_ALERTING_SMTP_URL"):
        await Mail(AlertingSettings()).send("team@example.com", payload())
