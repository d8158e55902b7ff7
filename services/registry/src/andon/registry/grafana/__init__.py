"""Grafana inside the pages, where there is one: below /grafana/ on our own origin, signed in as the same person.

A frame cannot send a bearer token, so the pages exchange theirs for a cookie (`sessions.py`); what comes with it is
passed on (`gateway.py`, `live.py`) with who they are, signed (`assertion.py`). What is passed on and what is kept back
stands in `headers.py` and `admission.py`, which are pure.
"""
