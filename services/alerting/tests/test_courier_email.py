"""The mail about an alarm: what, how much, where, since when, and nothing that a hostile name could smuggle in."""

from collections.abc import Mapping
from email import message_from_bytes, policy
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import AuthResult, LoginPassword
from pydantic import SecretStr

from andon.alerting.channel import Channel
from andon.alerting.couriers.email import DARK, LIGHT, Mail, compose
from andon.alerting.couriers.message import tell
from andon.alerting.settings import AlertingSettings
from andon.common.errors import UnavailableError
from andon.common.testing.ports import free_port

from .courier_words import HOSTILE, digest, single

TEAM = Channel(id="c1", name="team", kind="email", target="team@example.com")


def mail(content: Mapping[str, Any], zone: str = "", pictures: Mapping[str, bytes] | None = None) -> Any:
    """The message as a mail program reads it."""
    told = tell(content, "http://andon.test/", ZoneInfo(zone) if zone else None)
    made = compose(told, sender="Andon <andon@x.org>", target="team@example.com", pictures=pictures)
    return message_from_bytes(made.as_bytes(), policy=policy.default)


def text_of(message: Any) -> str:
    return str(message.get_body(("plain",)).get_content())


def html_of(message: Any) -> str:
    return str(message.get_body(("html",)).get_content())


def test_a_raised_alarm_is_told_in_full() -> None:
    message = mail(single())
    assert message["Subject"] == "[high] Gearbox hot — Robot 3 (berlin/painting/line-1)"
    assert (message["From"], message["To"]) == ("Andon <andon@x.org>", "team@example.com")
    assert message["Auto-Submitted"] == "auto-generated"
    assert text_of(message).splitlines() == [
        "[high] Gearbox hot",
        "",
        "Gearbox temperature is 81.2 °C, above 80 °C",
        "",
        "Machine:  Robot 3",
        "Where:    berlin / painting / line-1",
        "Sensor:   Gearbox temperature",
        "Value:    81.2 °C",
        "Limit:    80 °C",
        "Since:    2026-11-23 12:00:00 UTC",
        "Severity: high",
        "",
        "http://andon.test/alarms?alarm=%22a1b2%22",
    ]
    for fact in ("81.2 °C", "80 °C", "Robot 3", "2026-11-23 12:00:00 UTC", "alarms?alarm=%22a1b2%22"):
        assert fact in html_of(message)


def test_what_to_do_and_where_to_acknowledge_are_told() -> None:
    more = {
        "links": {"acknowledge": "http://andon.test/a?t=1&u=2", "alarm": "http://andon.test/alarms"},
        "advice": {"cause": "Oil is low", "consequence": "", "action": "Check the oil"},
    }
    message = mail(single(more=more))
    assert "Likely cause: Oil is low\n" in text_of(message)
    assert "What to do: Check the oil\n" in text_of(message)
    assert text_of(message).index("What to do") < text_of(message).index("Likely cause"), "what to do comes first"
    assert "Check the oil" not in text_of(mail(single(active=False, more=more))), "nothing is to be done any more"
    assert "If nothing is done" not in text_of(message) + html_of(message)
    assert "Acknowledge: http://andon.test/a?t=1&u=2\n" in text_of(message)
    assert 'href="http://andon.test/a?t=1&amp;u=2"' in html_of(message)
    assert 'href="http://andon.test/alarms"' in html_of(message)


def test_a_cleared_alarm_that_nobody_has_seen_can_be_acknowledged_from_its_mail() -> None:
    """It stays in the list until somebody does; whoever reads the mail need not sign in for that."""
    more = {"links": {"acknowledge": "http://andon.test/a/t"}}
    for body in (text_of, html_of):
        assert "http://andon.test/a/t" in body(mail(single(active=False, more=more)))
        assert "Nobody has acknowledged it yet." in body(mail(single(active=False, more=more)))
        assert "cknowledge" not in body(mail(single(active=False, state="normal")))


@pytest.mark.parametrize(
    ("more", "mark", "note"),
    [
        ({"step": 1}, "[high, escalated]", "escalated to you (step 2)"),
        ({"repeat": 3}, "[high, reminder]", "Reminder 3"),
        (
            {"transition": single()["transition"] | {"event": "realarmed"}},
            "[high]",
            "It was acknowledged, and is still there.",
        ),
        ({"late": True}, "[high]", "became known late"),
        ({"test": True}, "[test]", "Nothing is wrong"),
    ],
)
def test_why_a_message_comes_is_told(more: dict[str, Any], mark: str, note: str) -> None:
    message = mail(single(more=more))
    assert message["Subject"].startswith(mark + " ")
    assert note in text_of(message)
    assert note in html_of(message)


def test_a_test_leads_to_no_alarm_that_is_not_there() -> None:
    assert text_of(mail(single(more={"test": True}))).splitlines()[-1] == "http://andon.test/alarms"


def test_a_cleared_alarm_says_how_long_it_lasted() -> None:
    message = mail(single(active=False))
    assert message["Subject"].startswith("[cleared] Gearbox hot")
    assert "Gearbox temperature is back to 81.2 °C" in text_of(message)
    assert "2026-11-23 14:05:07 UTC, after 2 h 5 min" in text_of(message)
    assert "after 2 h 5 min" in html_of(message)


def test_an_alarm_whose_rule_is_gone_does_not_claim_to_be_well_again() -> None:
    closed = single()["transition"] | {"to": "normal", "event": "closed", "comment": "Its rule was removed"}
    message = mail(single(active=False, state="normal", more={"transition": closed}))
    assert message["Subject"].startswith("[ended] Gearbox hot")
    assert "Nothing watches it any more: its rule was removed" in text_of(message)
    assert "Ended:    2026-11-23 14:05:07 UTC, after 2 h 5 min" in text_of(message)
    assert "is back" not in text_of(message) + html_of(message)


def test_times_are_told_on_the_clock_of_the_place_too() -> None:
    assert "2026-11-23 12:00:00 UTC (13:00:00 CET)" in text_of(mail(single(), zone="Europe/Berlin"))
    late = single(since="2026-11-23T23:30:00.000Z")
    assert "2026-11-23 23:30:00 UTC (2026-11-24 00:30:00 CET)" in text_of(mail(late, zone="Europe/Berlin"))


def test_a_digest_counts_and_names_the_worst_places() -> None:
    message = mail(digest())
    assert message["Subject"].strip() == "[critical] 5,000 alarms in 2 places: 3 critical, 4,197 high, 800 cleared"
    for body in (text_of(message), html_of(message)):
        for fact in ("4,200 raised, 800 cleared", "4,197", "oslo/baking/line-2", "/alarms"):
            assert fact in body.replace(" / ", "/")
        assert "2026-11-23 12:00:00 to 12:05:00 UTC" in body
        assert "since 12:00:00 UTC" in body, "the day is told once"
        assert "and 4,980 more, 3 of them critical" in body


def test_a_digest_of_what_is_over_alarms_nobody() -> None:
    payload = digest(active=False)
    payload["digest"] |= {"count": 2, "raised": 0, "cleared": 2, "severities": {"critical": 2}, "active": {}}
    assert mail(payload)["Subject"] == "[cleared] 2 alarms in 2 places: all cleared"
    assert "Gearbox temperature was 81.2 °C, above 80 °C" in text_of(mail(payload))


def test_the_trend_lies_within_the_message() -> None:
    message = mail(single(), pictures={LIGHT: b"\x89PNG light", DARK: b"\x89PNG dark"})
    pictures = {part["Content-ID"]: part for part in message.walk() if part.get_content_maintype() == "image"}
    assert {name: part.get_content() for name, part in pictures.items()} == {
        f"<{LIGHT}>": b"\x89PNG light",
        f"<{DARK}>": b"\x89PNG dark",
    }
    assert all(part.get_content_disposition() == "inline" for part in pictures.values())
    assert f'src="cid:{LIGHT}"' in html_of(message)
    assert 'alt="Trend of Gearbox temperature over the last hour: now 81.2 °C, limit 80 °C"' in html_of(message)
    assert "cid:" not in html_of(mail(single()))


@pytest.mark.parametrize("field", ["rule_name", "asset_name", "message"])
def test_hostile_names_stay_text(field: str) -> None:
    for message in (mail(single(**{field: HOSTILE})), mail(digest(**{field: HOSTILE}))):
        assert message["Bcc"] is None
        assert len(message.get_all("Subject")) == 1
        assert "<script>" not in html_of(message)
        assert not any(line.startswith("Bcc:") for line in text_of(message).splitlines())
        assert "\u202e" not in text_of(message) + html_of(message)
    assert "&lt;script&gt;" in html_of(mail(single(**{field: HOSTILE})))


def test_a_hostile_id_stays_inside_its_link() -> None:
    message = mail(single(id='a"onmouseover="x 3'))
    assert 'href="http://andon.test/alarms?alarm=%22a%22onmouseover%3D%22x%203%22"' in html_of(message)


def test_a_hostile_key_stays_inside_its_header() -> None:
    message = mail(single(id="a>\r\nBcc: x@y.z") | {"key": "a>\r\nBcc: x@y.z/1"})
    assert message["Bcc"] is None
    assert message["Message-ID"] == "<a.Bcc.x.y.z.1@andon.invalid>"


def test_a_very_long_name_is_cut_in_the_subject() -> None:
    assert len(mail(single(rule_name="x" * 5000))["Subject"]) == 250


def test_the_same_message_has_the_same_id_and_all_of_an_alarm_are_one_conversation() -> None:
    first, again, cleared = mail(single()), mail(single()), mail(single(active=False) | {"key": "a1b2/3"})
    assert first["Message-ID"] == again["Message-ID"] == "<a1b2.2@andon.invalid>"
    assert cleared["Message-ID"] == "<a1b2.3@andon.invalid>"
    assert first["References"] == cleared["References"] == cleared["In-Reply-To"] == "<alarm.a1b2@andon.invalid>"


def test_a_switch_has_no_limit_to_tell() -> None:
    message = mail(single(more={"text": {"value": "true", "limit": "", "sensor_name": "Jammed"}}))
    assert "Limit" not in text_of(message) + html_of(message)


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
        await right.send(TEAM, single())
        with pytest.raises(UnavailableError, match=r"127\.0\.0\.1 did not take the message") as caught:
            await wrong.send(TEAM, single())
    finally:
        server.stop(no_assert=True)
    assert heard[0] == (b"andon", b"p@ss")
    assert "guess" not in str(caught.value)


async def test_without_a_mail_server_the_setting_is_named() -> None:
    with pytest.raises(UnavailableError, match="set ANDON_ALERTING_SMTP_URL"):
        await Mail(AlertingSettings()).send(TEAM, single())
