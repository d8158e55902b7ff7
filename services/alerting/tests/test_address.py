"""Where webhooks may go: public addresses, and the networks an operator lists; however the address is spelt."""

from ipaddress import ip_address, ip_network

import pytest

from andon.alerting.couriers import address
from andon.alerting.couriers.address import is_permitted, resolve
from andon.common.errors import InvalidError, UnavailableError

PRIVATE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "100::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "fd00:ec2::254",
]
PUBLIC = ["1.1.1.1", "8.8.8.8", "172.32.0.1", "192.169.0.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]


@pytest.mark.parametrize("spelt", PRIVATE)
def test_private_addresses_are_refused(spelt: str) -> None:
    assert not is_permitted(ip_address(spelt), [])


@pytest.mark.parametrize("spelt", PUBLIC)
def test_public_addresses_are_permitted(spelt: str) -> None:
    assert is_permitted(ip_address(spelt), [])


@pytest.mark.parametrize("spelt", ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::a01:203"])
def test_a_listed_network_is_permitted_and_its_neighbours_are_not(spelt: str) -> None:
    assert is_permitted(ip_address(spelt), [ip_network("10.1.0.0/16")])
    assert not is_permitted(ip_address(spelt), [ip_network("10.2.0.0/16"), ip_network("fd00::/8")])


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0", "::1", "::ffff:7f00:1"],
)
async def test_odd_spellings_of_this_machine_are_seen_through(host: str) -> None:
    with pytest.raises(InvalidError, match="which is private; if webhooks may go there, add its network"):
        await resolve(host, 80, [])


async def test_an_address_is_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking up takes a thread. While all were busy a private address passed for a name not known just now."""
    monkeypatch.setattr(address, "RESOLVE_SECONDS", 0.0)
    with pytest.raises(InvalidError, match="which is private"):
        await resolve("127.0.0.1", 80, [])
    with pytest.raises(UnavailableError, match="cannot be resolved: no answer"):
        await resolve("localhost", 80, [])


async def test_the_address_that_was_checked_is_the_one_to_connect_to() -> None:
    assert await resolve("0x7f.1", 80, [ip_network("127.0.0.0/8")]) == ip_address("127.0.0.1")


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 300, "..", "a\u0000b"])
async def test_a_name_that_cannot_be_resolved_may_be_tried_again(host: str) -> None:
    with pytest.raises(UnavailableError, match="cannot be resolved"):
        await resolve(host, 80, [])
