"""Row: one figure of the final table, and the target it is held against."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Target:
    """At least or at most so much, in the row's unit."""

    bound: float
    at_most: bool = False

    def met(self, value: float) -> bool:
        """Whether a value reaches it."""
        return value <= self.bound if self.at_most else value >= self.bound


@dataclass
class Row:
    """What was measured. `limit` is what a server or browser alone takes; `loss` counts PUBACKed messages."""

    scenario: str
    name: str
    value: float
    unit: str
    target: Target | None = None
    limit: float | None = None
    limit_of: str = ""
    loss: int | None = None
    details: dict[str, float] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """Part of the limit that is reached."""
        return self.value / self.limit if self.limit else None

    @property
    def passed(self) -> bool | None:
        """Whether the target is met and nothing was lost; None where there is no target."""
        if self.loss:
            return False
        return self.target.met(self.value) if self.target else None


def percentile(values: list[float], part: float) -> float:
    """The value below which `part` (0-1) of all lie, by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
