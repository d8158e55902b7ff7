"""The link in a message: opening it changes nothing, its button acknowledges once, and one too late says so."""

import json
import re
from typing import Any

import httpx
import pytest

from andon.alerting.database import open_database
from andon.alerting.notify.links import Links, load_key
from andon.common.errors import InvalidError
from andon.common.testing.waiting import ANSWER_SECONDS, eventually

LINKS = Links("http://andon.test/", "k" * 48)


async def link_of(alerting: Any, sink: Any, number: int = 1) -> str:
    """The path of the link in a webhook's message."""
    await eventually(lambda: len(sink.requests) >= number)
    found = str(json.loads(sink.requests[number - 1][1])["links"]["acknowledge"])
    assert found.startswith("http://andon.test/api/alerting/v1/acknowledge/")
    return found.partition("/api/alerting/v1")[2]


@pytest.fixture
async def told(stopped: Any, sink: Any, loopback: Any) -> Any:
    """Alerting, after it has told a webhook of an alarm."""
    stopped.settings.webhook_allow = loopback
    await stopped.start()
    await stopped.add_channel("team", "webhook", sink.url)
    await stopped.add_rule(channels=["team"], name="<b>Gearbox</b> hot")
    await stopped.publish((0, 81.2))
    await eventually(lambda: sink.requests)
    return stopped


@pytest.fixture
async def stranger(told: Any) -> Any:
    """Somebody who is not signed in."""
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{told.port}/api/alerting/v1", timeout=ANSWER_SECONDS
    ) as made:
        yield made


def said(answer: httpx.Response) -> str:
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    return re.search(r"<h2>(.*?)</h2>", answer.text).group(1)  # type: ignore[union-attr]


async def test_the_button_acknowledges_once_and_looking_changes_nothing(told: Any, sink: Any, stranger: Any) -> None:
    path = await link_of(told, sink)
    for _ in range(3):
        page = await stranger.get(path)
        assert (page.status_code, said(page)) == (200, "Do you see to it?")
    assert "&lt;b&gt;Gearbox&lt;/b&gt; hot" in page.text
    assert (await told.alarms())[0]["state"] == "unacknowledged"
    done = await stranger.post(path, data={"comment": "On my way"})
    assert (done.status_code, said(done)) == (200, "Acknowledged")
    [alarm] = await told.alarms()
    assert (alarm["state"], alarm["acknowledged_by"], alarm["comment"]) == ("acknowledged", "link to team", "On my way")
    again = await stranger.post(path)
    assert (again.status_code, said(again)) == (409, "Acknowledged already")
    assert "with this link" in again.text
    assert "<form" not in again.text


async def test_a_link_is_good_for_the_alarm_as_it_was_told(told: Any, sink: Any, stranger: Any) -> None:
    path = await link_of(told, sink)
    await told.publish((1, 20.0))
    await eventually(lambda: len(sink.requests) == 2)
    await link_of(told, sink, 2)
    await told.publish((2, 90.0))
    newer = await link_of(told, sink, 3)
    assert said(await stranger.post(path)) == "It has happened anew since"
    assert (await told.alarms())[0]["state"] == "unacknowledged"
    assert said(await stranger.post(newer)) == "Acknowledged"


async def test_an_alarm_that_came_back_unseen_is_closed_by_the_link_of_its_end(
    told: Any, sink: Any, stranger: Any
) -> None:
    await told.publish((1, 20.0))
    path = await link_of(told, sink, 2)
    assert said(await stranger.post(path)) == "Acknowledged"
    assert (await told.alarms())[0]["state"] == "normal"
    assert said(await stranger.post(path)) == "Acknowledged already"


async def test_a_link_says_that_it_is_over_and_not_that_there_is_a_newer_one(
    told: Any, sink: Any, stranger: Any
) -> None:
    first = await link_of(told, sink)
    await told.publish((1, 20.0), (2, 90.0))
    newer = await link_of(told, sink, 3)
    assert said(await stranger.post(newer)) == "Acknowledged"
    assert said(await stranger.get(first)) == "Acknowledged already"
    [alarm] = await told.alarms()
    await told.publish((3, 20.0))
    await eventually(lambda: len(sink.requests) == 4)
    page = await stranger.get(first)
    assert said(page) == "Acknowledged already"
    assert alarm["message"].replace(" is ", " was ") in page.text


async def test_a_link_of_an_alarm_whose_rule_is_gone_says_that_it_is_over(told: Any, sink: Any, stranger: Any) -> None:
    path = await link_of(told, sink)
    await told.publish((1, 20.0), (2, 90.0))
    await link_of(told, sink, 3)
    [rule] = (await told.call("GET", "/rules"))["items"]
    await told.call("DELETE", f"/rules/{rule['id']}")
    assert said(await stranger.get(path)) == "This is over"


async def test_what_is_forged_cut_or_old_acknowledges_nothing(told: Any, sink: Any, stranger: Any) -> None:
    path = await link_of(told, sink)
    [alarm] = await told.alarms()
    forged = LINKS.token(alarm["id"], 1, "team")
    for wrong in (f"/acknowledge/{forged}", path[:-2], "/acknowledge/x"):
        for answer in (await stranger.get(wrong), await stranger.post(wrong)):
            assert (answer.status_code, said(answer)) == (404, "This link does not work")
    await told.refused(401, "GET", "/alarms", stranger)
    assert (await told.alarms())[0]["state"] == "unacknowledged"


async def test_a_link_of_the_day_before_yesterday_acknowledges_nothing(told: Any, stranger: Any) -> None:
    [alarm] = await told.alarms()
    async with open_database(told.settings.database_url) as database:
        links = Links("", await load_key(database))
    old = f"/acknowledge/{links.token(alarm['id'], 1, 'team', lifetime=-1)}"
    for answer in (await stranger.get(old), await stranger.post(old)):
        assert (answer.status_code, said(answer)) == (410, "This link is too old")
    assert (await told.alarms())[0]["state"] == "unacknowledged"


def test_a_token_says_when_it_is_too_old_and_whose_it_is() -> None:
    assert LINKS.read(LINKS.token("a1", 3, "team")).number == 3
    assert LINKS.read(LINKS.token("a1", 3, "team", lifetime=-1)).expired
    with pytest.raises(InvalidError, match="not one of ours"):
        Links("", "x" * 48).read(LINKS.token("a1", 3, "team"))
