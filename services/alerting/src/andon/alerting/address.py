"""Address: where a webhook may connect to (a guard against server-side request forgery).

The name is resolved once, the address checked, and the connection made to that very address: a name that changes
between check and use gains nothing.
"""

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from andon.alerting.settings import Network
from andon.common.errors import InvalidError, UnavailableError

Address = IPv4Address | IPv6Address

RESOLVE_SECONDS = 5.0


async def resolve(host: str, port: int, allowed: Sequence[Network]) -> Address:
    """An address of `host` that may be connected to.

    Raises:
        UnavailableError: the name is not known just now.
        InvalidError: all its addresses are private, and not in the allowed networks.
    """
    loop = asyncio.get_running_loop()
    try:
        found = await asyncio.wait_for(loop.getaddrinfo(host, port, type=socket.SOCK_STREAM), RESOLVE_SECONDS)
    except (OSError, UnicodeError, TimeoutError) as error:
        raise UnavailableError(f"The name '{host}' cannot be resolved: {error}") from error
    addresses = [plain(ip_address(entry[4][0])) for entry in found]
    for address in addresses:
        if is_permitted(address, allowed):
            return address
    raise InvalidError(
        f"'{host}' is at {addresses[0]}, which is private; if webhooks may go there, add its network to "
        "ANDON_ALERTING_WEBHOOK_ALLOW (like 10.0.0.0/8) and restart"
    )


def is_permitted(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether an address is public, or in an allowed network."""
    address = plain(address)
    if any(address in network for network in allowed):
        return True
    # `is_global` is false for private, loopback, link-local (cloud metadata), shared (CGNAT) and reserved ranges.
    return address.is_global and not address.is_multicast


def plain(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one (mapped, 6to4, NAT64); else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    embedded = address.ipv4_mapped or address.sixtofour
    if embedded is None and address.packed[:12] == bytes.fromhex("0064ff9b0000000000000000"):
        embedded = IPv4Address(address.packed[12:])
    return embedded or address
