"""Addresses: of one's own pages, or of the web; none that a browser would run, or that leads elsewhere than it says."""

from contextlib import suppress
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.registry.addresses import own, reachable

HERE = "https://andon.example"


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/alarms?state=active&under=berlin%2Fpainting#top",
        "/compare?a=https://elsewhere",
        "/documents/Wartung Presse.pdf".replace(" ", "%20"),
        "/Übersicht",
    ],
)
def test_an_address_of_these_pages_leads_where_it_says(address: str) -> None:
    assert own(address) == address
    assert reachable(address) == address


@pytest.mark.parametrize(
    "address", ["https://example.com/press.pdf", "http://10.0.0.7:8080/plan?page=3#a", "HTTPS://[::1]/"]
)
def test_a_document_may_lie_elsewhere_and_a_view_may_not(address: str) -> None:
    assert reachable(address) == address
    with pytest.raises(ValueError, match="is no address of these pages"):
        own(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "alarms",
        "//elsewhere.example/",
        "/.//elsewhere.example/",
        "/\\elsewhere.example",
        "/\t/elsewhere.example",
        "/a\n",
        "/a b",
        "/\u202efdp.exe",
        "https://example.com/\u202efdp.exe",
        "https://example.com/a\u2028b",
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "https:",
        "https://",
        "https:///path",
        "http:elsewhere",
        "https://[::1",
        "https://user:secret@example.com/",
        "https://example.com\\@elsewhere.example/",
        "https://example.com/a b",
    ],
)
def test_nothing_else_is_an_address(address: str) -> None:
    for read in (own, reachable):
        with pytest.raises(ValueError, match="is no address"):
            read(address)


@given(st.lists(st.sampled_from([*"/\\.:?#@\t ab", "http", "javascript:"]), max_size=12).map("".join))
def test_whatever_is_taken_stays_on_these_pages(address: str) -> None:
    with suppress(ValueError):
        parts = urlsplit(urljoin(HERE, own(address)))
        assert (parts.scheme, parts.netloc) == ("https", "andon.example")
