"""Address: where a webhook may connect to (a guard against server-side request forgery).

The name is resolved once, the address checked, and the connection made to that very address: a name that changes
between check and use gains nothing. Odd spellings (`0x7f.1`, `2130706433`) are resolved like any name, and it is the
address that comes out of it that is checked.
"""

import asyncio
import socket
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from andon.alerting.settings import Network
from andon.common.errors import InvalidError, UnavailableError

Address = IPv4Address | IPv6Address

RESOLVE_SECONDS = 5.0

# Written out, because what `ipaddress` calls global has changed from one Python to the next (CVE-2024-4032).
_GLOBAL_6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_SPECIAL_6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
_SPECIAL_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)


async def resolve(host: str, port: int, allowed: Sequence[Network]) -> Address:
    """An address of `host` that may be connected to.

    Raises:
        UnavailableError: the name is not known just now.
        InvalidError: all its addresses are private, and not in the allowed networks.
    """
    with suppress(ValueError):  # an address needs nobody to look it up, who may be busy
        return choose(host, [ip_address(host)], allowed)
    loop = asyncio.get_running_loop()
    try:
        found = await asyncio.wait_for(loop.getaddrinfo(host, port, type=socket.SOCK_STREAM), RESOLVE_SECONDS)
        addresses = [ip_address(entry[4][0]) for entry in found]
    except (OSError, ValueError, TimeoutError) as error:
        raise UnavailableError(f"The name '{host}' cannot be resolved: {str(error) or 'no answer'}") from error
    return choose(host, addresses, allowed)


def choose(host: str, addresses: Sequence[Address], allowed: Sequence[Network]) -> Address:
    """The first address of `host`, which has at least one, that may be connected to.

    Raises:
        InvalidError: all are private, and not in the allowed networks.
    """
    for address in addresses:
        if is_permitted(address, allowed):
            return address
    raise InvalidError(
        f"'{host}' is at {plain(addresses[0])}, which is private; if webhooks may go there, add its network to "
        "ANDON_ALERTING_WEBHOOK_ALLOW (like 10.0.0.0/8) and restart"
    )


def is_permitted(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether an address is public, or in an allowed network."""
    judged = plain(address)
    if any(judged in network for network in allowed):
        return True
    if isinstance(judged, IPv4Address):
        return not any(judged in network for network in _SPECIAL_4)
    return judged in _GLOBAL_6 and not any(judged in network for network in _SPECIAL_6)


def plain(address: Address) -> Address:
    """The IPv4 address that an IPv6 one leads to (mapped, NAT64); else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return IPv4Address(address.packed[12:]) if address in _NAT64 else address
