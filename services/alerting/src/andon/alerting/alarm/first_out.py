"""First-out: which alarm of a group came first, for that is where the trouble began.

The mark stays with its alarm until the whole group is normal; the next to come begins anew. One that is judged later
but was there earlier takes the mark over. Alarms that are hidden neither have it nor keep a group from being normal.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm.parents import part_of
from andon.alerting.alarm.state import HIDDEN, AlarmState
from andon.alerting.rules.draft import Rule
from andon.alerting.tables import AlarmRow
from andon.alerting.tables.alarms import IS_OPEN

_AT_ONCE = 500


def group_of(rule: Rule, asset: str) -> str:
    """The group of a rule's alarm on a machine, by name and part of the plant; '' for none."""
    return "" if rule.group is None else f"{rule.group.name}@{part_of(asset, rule.group.within)}"


class Groups:
    """Groups as they stand within one transaction."""

    def __init__(self) -> None:
        self._members: dict[str, dict[str, AlarmRow]] = {}
        self._holders: dict[str, AlarmRow] = {}

    async def load(self, session: AsyncSession, names: Iterable[str]) -> None:
        """Read what is open in these groups, and who holds the mark of those whose first alarm is over already."""
        wanted = sorted(set(names) - {""})
        for start in range(0, len(wanted), _AT_ONCE):
            query = select(AlarmRow).where(IS_OPEN, AlarmRow.group.in_(wanted[start : start + _AT_ONCE]))
            for alarm in await session.scalars(query):
                self._note(alarm)
        for name in self._members.keys() - self._holders.keys():
            query = select(AlarmRow).where(AlarmRow.group == name, AlarmRow.first_out)
            held = (await session.scalars(query.order_by(AlarmRow.since.desc()).limit(1))).first()
            if held is not None:
                self._holders[name] = held

    def raised(self, alarm: AlarmRow) -> None:
        """Give the mark to an alarm that is being raised, where it is its own."""
        if not alarm.group or alarm.suppressed or alarm.out_of_service or alarm.shelved_until is not None:
            return
        members = self._members.get(alarm.group, {}).values()
        holder = self._holders.get(alarm.group)
        if holder is None or not any(one is not alarm and _counts(one) for one in members):
            alarm.first_out = True
        elif holder is not alarm and alarm.since < holder.since:
            holder.first_out, alarm.first_out = False, True
        self._note(alarm)

    def _note(self, alarm: AlarmRow) -> None:
        self._members.setdefault(alarm.group, {})[alarm.id] = alarm
        if alarm.first_out:
            self._holders[alarm.group] = alarm


def _counts(alarm: AlarmRow) -> bool:
    return alarm.state != AlarmState.NORMAL and alarm.state not in HIDDEN
