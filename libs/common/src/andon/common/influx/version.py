"""Which InfluxDB answers, by what it says of itself, and what that means for what Andon asks of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from typing_extensions import override

_NUMBER = re.compile(r"v?(\d+)\.\d")


@dataclass(frozen=True)
class Version:
    """`major` is 1, 2 or 3; `text` and `build` are the server's own words: `1.8.10`, `OSS`; `3.10.0`, `Core`."""

    major: int
    text: str = ""
    build: str = ""

    @override
    def __str__(self) -> str:
        return f"InfluxDB {self.text or self.major} {self.build}".strip()

    @property
    def packs(self) -> bool:
        """It answers in msgpack as Andon reads it; 3 knows none (500), or lays out its rows otherwise."""
        return self.major < 3

    @property
    def takes_several(self) -> bool:
        """Several statements may stand in one query; 3 answers 500 to them in most of its releases."""
        return self.major < 3

    @property
    def changes_retention(self) -> bool:
        """How long a database keeps values can be changed after it is made; 3 Core does not (Enterprise does)."""
        return self.major < 3 or self.build != "Core"

    @property
    def most_body(self) -> int | None:
        """Bytes of a write beyond which it is refused by a status that reads like an outage (500); None: by 413."""
        return None if self.major < 3 else 10 * 2**20


def version_of(text: str, build: str = "") -> Version | None:
    """The version that a server tells; None where it tells no number."""
    found = _NUMBER.match(text)
    return Version(min(max(int(found[1]), 1), 3), text.removeprefix("v"), build) if found else None


def told_by(headers: Mapping[str, str]) -> Version | None:
    """The version in the headers of an answer to `/ping`: every InfluxDB has them."""
    return version_of(headers.get("x-influxdb-version", ""), headers.get("x-influxdb-build", ""))


ANOTHER = Version(1)
"""What speaks InfluxQL and does not say what it is, is taken as 1.x was."""
