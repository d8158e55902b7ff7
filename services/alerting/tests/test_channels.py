"""Channels over HTTP: made by admins, refused when nothing could be sent, their secrets kept from others."""

from typing import Any

import pytest

from andon.common.auth import Role

HOOK = "https://hooks.example.com/services/T0/secret"


async def test_a_channel_is_made_changed_and_removed(alerting: Any) -> None:
    made = await alerting.add_channel("team", "email", "team@example.com")
    assert made == {
        "id": made["id"],
        "name": "team",
        "kind": "email",
        "target": "team@example.com",
        "fallback": None,
        "secret": None,
    }
    changed = await alerting.call("PATCH", f"/channels/{made['id']}", json={"target": "night@example.com"})
    assert changed == made | {"target": "night@example.com"}
    assert (await alerting.call("GET", "/channels"))["items"] == [changed]
    assert await alerting.call("GET", f"/channels/{made['id']}") == changed
    await alerting.call("DELETE", f"/channels/{made['id']}")
    await alerting.refused(404, "GET", f"/channels/{made['id']}")


@pytest.mark.parametrize(
    ("kind", "targets", "reason"),
    [
        ("email", ["team", "a@b\r\nBcc: c@d", "a b@example.com", "Team <a@b.c>", "@example.com"], "no e-mail address"),
        ("webhook", ["example.com", "ftp://a.b/c", "http://", "http://a b/c", "file:///etc/passwd"], "no webhook"),
        ("webhook", ["http://a:0/", "http://[::1", "http://a:99999999/", "javascript:alert(1)"], "no webhook"),
        ("apprise", ["dbus://", "mailto://a:b@c.d"], "may not be used"),
        ("apprise", ["topic", "nothing://x", "slack://"], "apprise"),
        ("push", ["a\r\nb", "x" * 201], "nobody's name"),
        ("pigeon", ["roof"], "kind"),
    ],
)
async def test_a_target_nothing_could_be_sent_to_is_refused(
    alerting: Any, kind: str, targets: list[str], reason: str
) -> None:
    for target in targets:
        body = {"name": "x", "kind": kind, "target": target}
        assert reason in await alerting.refused(422, "POST", "/channels", json=body)


async def test_a_channel_that_rules_name_is_neither_removed_nor_renamed(alerting: Any) -> None:
    made = await alerting.add_channel("team", "email", "team@example.com")
    await alerting.add_rule(channels=["team"])
    used = "Channel 'team' is used by: Gearbox hot; change those rules first"
    assert await alerting.refused(409, "DELETE", f"/channels/{made['id']}") == used
    assert await alerting.refused(409, "PATCH", f"/channels/{made['id']}", json={"name": "crew"}) == used
    body = {"name": "team", "kind": "email", "target": "b@example.com"}
    assert "choose another name" in await alerting.refused(409, "POST", "/channels", json=body)


async def test_a_webhook_has_a_secret_that_is_told_once(alerting: Any) -> None:
    made = await alerting.add_channel("hook", "webhook", HOOK)
    assert made["secret"].startswith("whsec_")
    for shown in (
        await alerting.call("GET", f"/channels/{made['id']}"),
        *(await alerting.call("GET", "/channels"))["items"],
        await alerting.call("PATCH", f"/channels/{made['id']}", json={"name": "other"}),
    ):
        assert shown["secret"] is None
    renewed = await alerting.call("POST", f"/channels/{made['id']}/secret")
    assert renewed["secret"].startswith("whsec_")
    assert renewed["secret"] != made["secret"]
    mail = await alerting.add_channel("team", "email", "team@example.com")
    assert mail["secret"] is None
    reason = await alerting.refused(422, "POST", f"/channels/{mail['id']}/secret")
    assert reason == "'team' is no webhook; only their messages are signed"
    async with alerting.client(Role.ENGINEER) as engineer:
        await alerting.refused(403, "POST", f"/channels/{made['id']}/secret", engineer)


async def test_the_secrets_of_a_service_are_for_admins_alone(alerting: Any) -> None:
    made = await alerting.add_channel("chat", "apprise", "ntfys://tk_S3cret@ntfy.example.com/topic")
    async with alerting.client(Role.ENGINEER) as engineer:
        assert (await engineer.get(f"/channels/{made['id']}")).json()["target"] == "ntfys://…"


async def test_only_admins_make_channels_and_see_the_secret_in_a_webhook(alerting: Any) -> None:
    made = await alerting.add_channel("hook", "webhook", HOOK)
    async with alerting.client(Role.ENGINEER) as engineer:
        for path in ("/channels", f"/channels/{made['id']}/test"):
            assert "needs the role admin" in await alerting.refused(403, "POST", path, engineer, json=made)
        await alerting.refused(403, "PATCH", f"/channels/{made['id']}", engineer, json={})
        await alerting.refused(403, "DELETE", f"/channels/{made['id']}", engineer)
        shown = [
            (await engineer.get(f"/channels/{made['id']}")).json(),
            *(await engineer.get("/channels")).json()["items"],
        ]
        assert [channel["target"] for channel in shown] == ["https://hooks.example.com/…"] * 2
    assert (await alerting.call("GET", f"/channels/{made['id']}"))["target"] == HOOK


async def test_a_channel_can_be_tried_and_says_why_nothing_arrived(alerting: Any, mailbox: Any, sink: Any) -> None:
    mail = await alerting.add_channel("mail", "email", "team@example.com")
    reason = await alerting.refused(503, "POST", f"/channels/{mail['id']}/test")
    assert reason.startswith("The mail server 127.0.0.1 did not take the message")
    mailbox.start()
    assert await alerting.call("POST", f"/channels/{mail['id']}/test") == {"delivered": True}
    assert mailbox.subjects == ["[test] Test message — Sample machine (site/area/line)"]
    hook = await alerting.add_channel("hook", "webhook", sink.url)
    reason = await alerting.refused(422, "POST", f"/channels/{hook['id']}/test")
    assert "'127.0.0.1' is at 127.0.0.1, which is private" in reason
    assert "ANDON_ALERTING_WEBHOOK_ALLOW" in reason
    assert sink.requests == []


async def test_an_admin_of_one_site_cannot_lead_the_others_messages_elsewhere(alerting: Any) -> None:
    made = await alerting.add_channel("hook", "webhook", HOOK)
    async with alerting.client(Role.ADMIN, scope="oslo") as oslo:
        reason = await alerting.refused(403, "PATCH", f"/channels/{made['id']}", oslo, json={"target": "http://a.b/"})
        assert reason == "Channels serve the whole plant; you are an admin of 'oslo' alone"
        assert (await oslo.get(f"/channels/{made['id']}")).json()["target"] == "https://hooks.example.com/…"
        body = {"channels": [{"name": "hook", "kind": "webhook", "target": "http://a.b/"}]}
        await alerting.refused(403, "POST", "/apply", oslo, json=body)
