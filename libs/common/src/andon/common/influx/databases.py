"""What each InfluxDB must be able to do with a database. The three do it by ways that have nothing in common."""

from typing import Protocol


class Databases(Protocol):
    """Creates databases, and changes how long they keep values (nanoseconds; 0: for ever).

    few: values come so seldom, as one an hour, that a year of them is little.
    """

    async def create(self, name: str, keep: int = 0, *, few: bool = False) -> None:
        """Make a database unless there is one, which then keeps what it keeps.

        Raises:
            UnavailableError: the server does not answer, or refuses; says what to do.
        """

    async def retention(self, name: str) -> int | None:
        """How long a database keeps values; None where there is no such database.

        Raises:
            UnavailableError: the server does not answer, or does not tell.
        """

    async def keep(self, name: str, duration: int, *, few: bool = False) -> None:
        """Let a database keep values so long. What is older is deleted by the server, some time later.

        Raises:
            SetupError: this InfluxDB cannot do so; the hint says what can be done.
            UnavailableError: the server does not answer, or refuses.
        """
