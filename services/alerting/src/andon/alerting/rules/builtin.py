"""The rules Andon brings along: they watch Andon itself, and are ordinary rules of the user's from then on.

Each is made once in the life of a database. Who changes one keeps it so, and who deletes one is rid of it.
"""

from sqlalchemy import select

from andon.alerting.alarm.state import Severity
from andon.alerting.database import Database
from andon.alerting.rules.draft import RuleDraft, ScopeDraft
from andon.alerting.rules.rulebook import put_rule
from andon.alerting.tables import MarkRow, RuleRow
from andon.common import logs, platform

log = logs.get("alerting.builtin")


def _rule(name: str, sensor: str, above: float, severity: Severity, delay: str = "0s") -> RuleDraft:
    return RuleDraft(
        name=f"Andon: {name}",
        scope=ScopeDraft(sensor=sensor),
        condition={"above": above},
        on_delay=delay,
        off_delay=delay,
        severity=severity,
    )


RULES = {
    "unexplained": _rule(
        "the ledger does not balance", f"{platform.LEDGER}/{platform.UNEXPLAINED}", 0, Severity.CRITICAL
    ),
    "lost": _rule("readings were lost", f"{platform.LEDGER}/{platform.LOST}", 0, Severity.CRITICAL),
    # Low: it tells of a device or its network, and every restart of a device without a `boot` may look like this.
    "missing": _rule("device numbers are missing", f"{platform.LEDGER}/{platform.MISSING}", 0, Severity.LOW, "30s"),
    "slow": _rule("readings take too long", f"{platform.PROBER}/{platform.LIVE}", 2, Severity.MEDIUM, "30s"),
    "unstored": _rule("readings are not stored", f"{platform.PROBER}/{platform.STORED}", 10, Severity.MEDIUM, "30s"),
}
"""By the mark that says that it was made."""


async def ensure_rules(database: Database) -> None:
    """Make those that were never made here."""
    async with database.read() as session:
        if set(map(_mark, RULES)) <= set(await session.scalars(select(MarkRow.name))):
            return  # else each start would wait for whoever writes just now
    async with database.write() as session:
        made = set(await session.scalars(select(MarkRow.name)))
        names = set(await session.scalars(select(RuleRow.name)))
        for mark, rule in RULES.items():
            if _mark(mark) in made:
                continue
            session.add(MarkRow(name=_mark(mark)))
            if rule.name in names:
                log.warning("a rule of this name is there already, and is left as it is", rule=rule.name)
            else:
                await put_rule(session, rule)


def _mark(rule: str) -> str:
    return f"rule.{rule}"
