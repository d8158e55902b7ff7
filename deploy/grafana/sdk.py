"""The library that dashboards are built with, imported once.

It calls the model of Grafana 10 to 13 ("Classic") old, for 12 brought a newer one, which 10 and 11 cannot read.
"""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from grafana_foundation_sdk.builders import (
        bargauge,
        common,
        dashboard,
        histogram,
        stat,
        statetimeline,
        table,
        timeseries,
    )
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models import common as words
from grafana_foundation_sdk.models import dashboard as model

__all__ = [
    "Builder",
    "Dataquery",
    "JSONEncoder",
    "bargauge",
    "common",
    "dashboard",
    "histogram",
    "model",
    "stat",
    "statetimeline",
    "table",
    "timeseries",
    "words",
]
