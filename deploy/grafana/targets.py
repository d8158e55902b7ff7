"""Questions of panels, as Grafana's InfluxDB data source keeps them."""

from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from typing_extensions import override

from deploy.grafana.influxql import RAW, Tier
from deploy.grafana.sdk import Builder, Dataquery, words

INFLUXDB = "influxdb"
MIXED = words.DataSourceRef("datasource", "-- Mixed --")


def source(uid: str) -> words.DataSourceRef:
    """One of the data sources that are provisioned."""
    return words.DataSourceRef(INFLUXDB, uid)


class Query(Dataquery):
    """One statement in InfluxQL. alias: what a series is called; table: rows, not series."""

    def __init__(self, uid: str, statement: str, ref: str, *, alias: str = "$col", table: bool = False) -> None:
        self.uid, self.statement, self.ref, self.alias, self.table = uid, statement, ref, alias, table

    def to_json(self) -> dict[str, Any]:
        """As the data source keeps it."""
        return {
            "refId": self.ref,
            "datasource": {"type": INFLUXDB, "uid": self.uid},
            "rawQuery": True,
            "query": self.statement,
            "alias": self.alias,
            "resultFormat": "table" if self.table else "time_series",
        }


@dataclass(frozen=True)
class Target(Builder[Dataquery]):
    """A question on its way into a panel."""

    query: Dataquery

    @override
    def build(self) -> Dataquery:
        """The question."""
        return self.query


def tiered(*questions: dict[Tier, str], alias: str = "$col") -> list[Target]:
    """Questions, each in the words of the tiers that may answer it."""
    asked = [(tier, statement) for question in questions for tier, statement in question.items()]
    return [
        Target(Query(tier.uid, statement, _ref(number), alias=alias)) for number, (tier, statement) in enumerate(asked)
    ]


def samples(*statements: str, alias: str = "$col", table: bool = False) -> list[Target]:
    """Questions to the database of the samples."""
    return [
        Target(Query(RAW.uid, statement, _ref(number), alias=alias, table=table))
        for number, statement in enumerate(statements)
    ]


def _ref(number: int) -> str:
    """A, B, ..., Z, AA, AB, ... as Grafana names them."""
    head, last = divmod(number, len(ascii_uppercase))
    return (ascii_uppercase[head - 1] if head else "") + ascii_uppercase[last]
