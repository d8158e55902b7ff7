"""The oracle: what devices were told is safe, held against what Andon has, and what it should have told.

Pure: it is given the journal and what was found; `scene.py` does the asking.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from typing_extensions import override

from soak.journal import Journal, Sample

LIMIT = 65.0
"""The rule of the scene: oil above this is an alarm."""
RAISED, RETURNED = "unacknowledged", "returned"
SHOWN = 5


@dataclass(frozen=True)
class Verdict:
    """What one look found; all but `safe` and `letters` must be empty.

    safe: samples with a PUBACK. letters: those of them that are dead letters, which explains them.
    lost: with a PUBACK, and neither stored nor a dead letter. duplicated: stored more than once, under different times.
    wrong: stored with another value, each one compared. unexplained: stored, and never sent.
    alarms: transitions that are missing or too many, by machine.
    notifications: transitions nobody was told of, or was told of again without need.
    signs: what else should not be: a fault nobody showed, memory or open files that grow, newest values going back.
    """

    safe: int = 0
    letters: int = 0
    lost: tuple[Sample, ...] = ()
    duplicated: tuple[str, ...] = ()
    wrong: tuple[Sample, ...] = ()
    unexplained: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    notifications: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()

    @property
    def data(self) -> "Verdict":
        """What it says of the samples alone."""
        return Verdict(self.safe, self.letters, self.lost, self.duplicated, self.wrong, self.unexplained)

    @property
    def clean(self) -> bool:
        """Whether there is nothing to complain of."""
        return not self.complaints()

    def complaints(self) -> dict[str, Sequence[object]]:
        """What must be empty and is not."""
        named = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("safe", "letters")}
        return {name: found for name, found in named.items() if found}

    @override
    def __str__(self) -> str:
        told = [f"{self.safe} acknowledged, {self.letters} of them dead letters"]
        for name, found in self.complaints().items():
            told.append(f"  {name}: {len(found)}")
            told += [f"    {one}" for one in found[:SHOWN]]
        return "\n".join(told)


class Told:
    """What was complained of already: one loss is one finding, not one after each fault that follows."""

    def __init__(self) -> None:
        self._seen = set[object]()

    def leave_out(self, verdict: Verdict) -> Verdict:
        """Only what is new."""
        new = {
            name: tuple(one for one in found if one not in self._seen) for name, found in verdict.complaints().items()
        }
        return replace(verdict, **new)  # type: ignore[arg-type]

    def note(self, verdict: Verdict) -> Verdict:
        """Only what is new, and from now on it is not."""
        new = self.leave_out(verdict)
        for found in new.complaints().values():
            self._seen.update(found)
        return new


def judge(journal: Journal, stored: Mapping[str, Iterable[tuple[int, float, float]]], letters: set[bytes]) -> Verdict:
    """Hold all machines against what is stored: rows of time in ms, number, temperature. `letters` are payloads."""
    lost, wrong, duplicated, unexplained, dead = list[Sample](), list[Sample](), list[str](), list[str](), 0
    for machine, sent in journal.sent.items():
        rows = {at: (number, value) for at, number, value in stored.get(machine, ())}
        for at, sample in journal.safe.get(machine, {}).items():
            if at not in rows:
                known = sample.payload() in letters
                dead += known
                lost += [] if known else [sample]
        for at, found in rows.items():
            if at not in sent:
                unexplained.append(f"{machine} at {at}: {found}")
            elif found != (sent[at].seq, sent[at].value):
                wrong.append(sent[at])
        often = Counter(number for number, _ in rows.values())
        duplicated += [f"{machine}: number {number:g} {n} times" for number, n in often.items() if n > 1]
    return Verdict(journal.acknowledged, dead, tuple(lost), tuple(duplicated), tuple(wrong), tuple(unexplained))


def turns(values: Iterable[float], limit: float = LIMIT) -> list[str]:
    """The reference model: the transitions of an alarm nobody acknowledges, over values in order of event time."""
    found, active = list[str](), False
    for value in values:
        if (value > limit) != active:
            active = not active
            found.append(RAISED if active else RETURNED)
    return found


def alarm_complaints(machine: str, expected: list[str], found: list[str]) -> list[str]:
    """How the transitions of one machine's alarm differ from the reference."""
    if found == expected:
        return []
    at = next((n for n, pair in enumerate(zip(expected, found, strict=False)) if pair[0] != pair[1]), None)
    where = f"transition {at + 1} differs" if at is not None else f"expected {len(expected)}, found {len(found)}"
    return [f"{machine}: {where} (expected ... {expected[-3:]}, found ... {found[-3:]})"]


def notification_complaints(expected: set[str], told: Counter[str], allowed_copies: int) -> list[str]:
    """Keys nobody was told of, and copies beyond those that a killed process may send."""
    missing = [f"{key}: never told" for key in sorted(expected - set(told))]
    copies = [f"{key}: told {n} times" for key, n in sorted(told.items()) if n > 1]
    strange = [f"{key}: told, and no transition" for key in sorted(set(told) - expected)]
    return missing + strange + (copies if sum(n - 1 for n in told.values()) > allowed_copies else [])
