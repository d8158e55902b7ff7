"""A tier of history: every sample, or a row for each of some windows of time. Who makes the windows names these."""

from dataclasses import dataclass

from andon.common.influx.retention import HOUR


@dataclass(frozen=True)
class Tier:
    """Rows of one width (nanoseconds; 0: every sample), in the database `andon` + `suffix`."""

    name: str
    width: int
    suffix: str

    @property
    def few(self) -> bool:
        """Whether its rows are so few that a year of them is little."""
        return self.width >= HOUR

    def database(self, raw: str) -> str:
        """Its database, given that of the samples."""
        return raw + self.suffix


RAW = Tier("raw", 0, "")
"""Every sample, as it was stored."""
