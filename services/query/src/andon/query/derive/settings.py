"""Settings of the derive process: `ANDON_DERIVE_<FIELD>`."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class DeriveSettings(BaseSettings):
    """Where it tells of its health; it has no routes besides."""

    model_config = SettingsConfigDict(env_prefix="ANDON_DERIVE_")

    host: str = Field(default="127.0.0.1", description="Address at which it tells of its health.")
    port: int = Field(default=8005, description="Port there.")
