"""What each field of InfluxDB holds: the first datatype a sensor key was written with, for all machines of a type.

InfluxDB keeps one datatype for a field, whoever writes it. A machine whose sensor had another one would turn the
readings of all others of its type into dead letters, so whoever comes first is right, for as long as there is history.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.common.errors import InvalidError
from andon.common.influx import UNTYPED, measurement_of
from andon.common.plant import Sensor
from andon.registry.storage.tables import FieldRow


class Fields:
    """The fields that are known, by measurement and key. What is claimed is kept when the transaction is."""

    def __init__(self, session: AsyncSession, known: Iterable[FieldRow]) -> None:
        self._session = session
        self._known = {(row.measurement, row.key): row.datatype for row in known}

    def claim(self, who: str, type_: str | None, sensors: Iterable[Sensor]) -> None:
        """Register the sensors of `who`: a machine of that type (None: of none), or the type itself.

        Raises:
            InvalidError: one of them is there with another datatype; names both, and says what to do.
        """
        measurement = measurement_of(type_)
        for sensor in sensors:
            first = self._known.get((measurement, sensor.key))
            if first is None:
                self._known[measurement, sensor.key] = sensor.datatype
                self._session.add(FieldRow(measurement=measurement, key=sensor.key, datatype=sensor.datatype))
            elif first != sensor.datatype:
                others = "machines without a type" if measurement == UNTYPED else f"the type '{measurement}'"
                raise InvalidError(
                    f"{who}: the sensor '{sensor.key}' is a {sensor.datatype} here, but the history of {others} "
                    f"has it as a {first} and keeps one datatype for each key; choose another key"
                )


async def fields_of(session: AsyncSession, types: Iterable[str | None]) -> Fields:
    """The fields of machines of these types."""
    measurements = {measurement_of(type_) for type_ in types}
    return Fields(session, await session.scalars(select(FieldRow).where(FieldRow.measurement.in_(measurements))))
