"""Ingest's own settings: `ANDON_INGEST_...`."""

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from andon.common.topics import INTAKE_CLIENT


class IngestSettings(BaseSettings):
    """Where the messages come from, and where ingest listens."""

    model_config = SettingsConfigDict(env_prefix="ANDON_INGEST_")

    host: str = Field(default="127.0.0.1", description="Address it listens at, when it runs alone.")
    port: int = Field(default=8001, ge=1, le=65535, description="Port of its HTTP.")
    mqtt_url: str = Field(
        default="mqtt://127.0.0.1:1883", description="The broker: mqtt://host:port, mqtts:// for TLS."
    )
    mqtt_version: Literal["3.1.1", "5"] = Field(default="3.1.1", description="nats-server speaks 3.1.1.")
    mqtt_username: str = Field(default="intake", description="Who intake is at the broker.")
    mqtt_password: SecretStr = Field(
        default=SecretStr(""), description="For a broker of one's own; nats-server takes ANDON_INTAKE_PASSWORD."
    )
    mqtt_client_id: str = Field(
        default=INTAKE_CLIENT, description="Names the session; each of several partitions or instances adds its number."
    )
    mqtt_share: bool = Field(
        default=False, description="Instances take turns, at a broker with shared subscriptions (not nats-server)."
    )
    instance: int = Field(default=0, ge=0, description="Which of several ingests this is, from 0 on.")
    instances: int = Field(default=1, ge=1, description="How many there are.")

    live_url: str = Field(
        default="ws://127.0.0.1:8000/api/query/v1/live", description="The live feed, which the prober measures."
    )


class IntakeSettings(BaseSettings):
    """Intake's password at the default broker; part of an installation's generated secrets."""

    model_config = SettingsConfigDict(env_prefix="ANDON_INTAKE_")

    password: SecretStr = Field(
        default=SecretStr(""), description="Intake's password at nats-server; `up` generates it."
    )
