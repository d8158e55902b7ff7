"""Routes: one file for each noun."""

from andon.alerting.routes import (
    acknowledge_link,
    alarms,
    apply,
    backtest,
    calendars,
    channels,
    kpis,
    notifications,
    policies,
    push,
    rules,
    schedules,
    silences,
)

ROUTERS = [
    backtest.router,
    rules.router,
    apply.router,
    channels.router,
    calendars.router,
    schedules.router,
    policies.router,
    silences.router,
    notifications.router,
    alarms.router,
    kpis.router,
    push.router,
]
PUBLIC = acknowledge_link.public
"""Routes without a token of a person; what they may do is in the link."""
