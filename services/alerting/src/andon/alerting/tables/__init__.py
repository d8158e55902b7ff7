"""Tables: what alerting keeps in its database. Times are UTC nanoseconds."""

from andon.alerting.tables.alarms import AlarmRow, TransitionRow
from andon.alerting.tables.evaluate import LateRow, LeaseRow, PhaseRow
from andon.alerting.tables.notify import OverrideRow, PolicyRow, ScheduleRow, SilenceRow
from andon.alerting.tables.outbox import BudgetRow, EscalationRow, IntentRow, NotificationRow
from andon.alerting.tables.rules import CalendarRow, ChannelRow, KeptRow, MarkRow, PushRow, RuleRow
from andon.alerting.tables.table import Table

__all__ = [
    "AlarmRow",
    "BudgetRow",
    "CalendarRow",
    "ChannelRow",
    "EscalationRow",
    "IntentRow",
    "KeptRow",
    "LateRow",
    "LeaseRow",
    "MarkRow",
    "NotificationRow",
    "OverrideRow",
    "PhaseRow",
    "PolicyRow",
    "PushRow",
    "RuleRow",
    "ScheduleRow",
    "SilenceRow",
    "Table",
    "TransitionRow",
]
