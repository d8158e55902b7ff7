"""Routes: one file for each noun."""

from andon.alerting.routes import alarms, apply, channels, kpis, push, rules

ROUTERS = [rules.router, apply.router, channels.router, alarms.router, kpis.router, push.router]
