"""Settings of the query service: `ANDON_QUERY_<FIELD>`."""

from pydantic_settings import BaseSettings, SettingsConfigDict


class QuerySettings(BaseSettings):
    """Where the service listens when it runs alone."""

    model_config = SettingsConfigDict(env_prefix="ANDON_QUERY_")

    host: str = "127.0.0.1"
    port: int = 8003
