"""Sources that tell how long nothing came, or nothing new. Pure."""

from collections.abc import Sequence

from andon.alerting.evaluate.phase import FOREVER
from andon.common.reading import Value


class SilenceOf:
    """1 from `after` behind the newest sample on, until the next one: 0."""

    def __init__(self, after: int) -> None:
        self._after = after
        self.due = FOREVER
        self.reach = after

    def take(self, time: int, value: Value, quality: str) -> float:  # noqa: ARG002 - as all sources
        """It speaks."""
        self.due = time + self._after
        return 0.0

    def pass_due(self) -> float:
        """It has been silent for that long."""
        self.due = FOREVER
        return 1.0

    def restart(self, time: int) -> float:
        """Silence counts from here on."""
        self.due = time + self._after
        return 0.0

    def recall(self, samples: Sequence[tuple[int, float]]) -> None:
        """It spoke then, if it has not since."""
        if samples and self.due == FOREVER:
            self.due = samples[-1][0] + self._after


class ConstancyOf:
    """1 from `after` behind the first sample of one value on, until another value comes: 0."""

    def __init__(self, after: int) -> None:
        self._after = after
        self._value: Value | None = None
        self._long = False
        self.due = FOREVER
        self.reach = after

    def take(self, time: int, value: Value, quality: str) -> float:  # noqa: ARG002 - as all sources
        """Whether it is still the same."""
        if value != self._value:
            self._value = value
            self.restart(time)
        return float(self._long)

    def pass_due(self) -> float:
        """It has been the same for that long."""
        self.due, self._long = FOREVER, True
        return 1.0

    def restart(self, time: int) -> float:
        """Count from here on."""
        self.due, self._long = time + self._after, False
        return 0.0

    def recall(self, samples: Sequence[tuple[int, float]]) -> None:
        """It had the present value since then, if it is the same."""
        if samples and self._value is None:
            self._value = samples[-1][1]
            self.due = samples[-1][0] + self._after
        for time, value in reversed(samples):
            if value != self._value or self.due == FOREVER:
                break
            self.due = time + self._after
