"""Andon alerting: rules, alarms, notifications."""
