"""Settings of the query service: `ANDON_QUERY_<FIELD>`."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from andon.common.errors import InvalidError
from andon.common.influx.retention import SHORTEST, written
from andon.common.times import parse_duration


def _keep(value: Any) -> int | None:
    """Nanoseconds of a duration that a database can keep values for; None of nothing."""
    if value in (None, ""):
        return None
    try:
        keep = parse_duration(str(value))
    except InvalidError as error:
        raise ValueError(str(error)) from error
    if keep and (keep < SHORTEST or keep % SHORTEST):
        raise ValueError(f"'{value}' is not a whole number of hours; write for example 36h, 90d or 0 (for ever)")
    return keep


Keep = Annotated[int | None, BeforeValidator(_keep)]
"""How long values are kept, nanoseconds; 0 is for ever; None leaves it as the database has it."""


class QuerySettings(BaseSettings):
    """Where the service listens when it runs alone, and how long each tier of history is kept."""

    model_config = SettingsConfigDict(env_prefix="ANDON_QUERY_")

    host: str = Field(default="127.0.0.1", description="Address it listens at, when it runs alone.")
    port: int = Field(default=8003, description="Port of its HTTP.")
    retention_raw: Keep = Field(default=None, description="Of all samples: 90d, 36h, or 0 for ever.")
    retention_1m: Keep = Field(default=None, description="Of the rows for each minute.")
    retention_1h: Keep = Field(default=None, description="Of the rows for each hour.")

    @field_validator("retention_1m", "retention_1h")
    @classmethod
    def _outlives(cls, keep: int | None, info: ValidationInfo) -> int | None:
        """Refuse a tier that is kept shorter than a finer one: it would be gone while what it is made of is not."""
        finer = {name: info.data[name] for name in ("retention_raw", "retention_1m") if name in info.data}
        for name, other in finer.items():
            if keep and other is not None and (other == 0 or keep < other):
                raise ValueError(
                    f"kept for {written(keep)}, shorter than what these rows are made of: "
                    f"{cls.model_config.get('env_prefix')}{name.upper()} is "
                    f"{written(other) if other else '0 (for ever)'}; keep them at least as long, or 0 for ever"
                )
        return keep
