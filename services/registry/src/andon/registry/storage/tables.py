"""The tables. Times are UTC nanoseconds; `migrations/` builds what stands here, and a test holds the two together."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, ForeignKey, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Root of all tables; constraints have names, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class TypeRow(Base):
    """A machine type: `sensors` as they were written down (sensors.written), `page` the sections of its page."""

    __tablename__ = "machine_types"

    slug: Mapped[str] = mapped_column(String(63), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    sensors: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    documents: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    page: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")


class AssetRow(Base):
    """A node of the plant. `sensors` are a machine's own, which override those of its type.

    earlier: the measurements it was stored in as another type, each `until` when (plant.Earlier); the newest first.
    """

    __tablename__ = "assets"

    id: Mapped[str] = mapped_column(String(8), primary_key=True)
    parent: Mapped[str | None] = mapped_column(ForeignKey("assets.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    slug: Mapped[str] = mapped_column(String(63))
    name: Mapped[str] = mapped_column(String(200))
    path: Mapped[str] = mapped_column(String(255), unique=True)
    type: Mapped[str | None] = mapped_column(ForeignKey("machine_types.slug"), index=True)
    labels: Mapped[dict[str, str]] = mapped_column(JSON)
    sensors: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    earlier: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    documents: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")


class FieldRow(Base):
    """The datatype a sensor key was first written with in one measurement; it stays when the sensor goes."""

    __tablename__ = "fields"

    measurement: Mapped[str] = mapped_column(String(63), primary_key=True)
    key: Mapped[str] = mapped_column(String(63), primary_key=True)
    datatype: Mapped[str] = mapped_column(String(8))


class DeviceRow(Base):
    """A credential that may publish below `scope`, `quota` messages a second, or as many as all others.

    A revoked one stays, so that its refusals have a name. last_seen: when it last sent something, to the minute.
    """

    __tablename__ = "devices"

    id: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    scope: Mapped[str] = mapped_column(String(255))
    username: Mapped[str] = mapped_column(String(63), unique=True)
    secret: Mapped[str] = mapped_column(String(200))
    created: Mapped[int] = mapped_column(BigInteger)
    revoked: Mapped[int | None] = mapped_column(BigInteger, index=True)
    quota: Mapped[int | None] = mapped_column(Integer)
    last_seen: Mapped[int | None] = mapped_column(BigInteger)


class PersonRow(Base):
    """Somebody who signs in. `password` is an argon2 hash; `role` is auth.Role's name in lower case.

    preferences: how they like the pages (routes.preferences), as far as they said.
    """

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(8), primary_key=True)
    username: Mapped[str] = mapped_column(String(63), unique=True)
    password: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(16))
    scope: Mapped[str] = mapped_column(String(255))
    created: Mapped[int] = mapped_column(BigInteger)
    preferences: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")


class ViewRow(Base):
    """A saved view of the person `owner`; a shared one is for those who see all of the part `scope` of the plant."""

    __tablename__ = "views"

    id: Mapped[str] = mapped_column(String(8), primary_key=True)
    owner: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(2000))
    shared: Mapped[bool] = mapped_column(Boolean)
    scope: Mapped[str] = mapped_column(String(255))


class TokenRow(Base):
    """A bearer token that was given out and has not expired. The token itself is not kept."""

    __tablename__ = "tokens"

    jti: Mapped[str] = mapped_column(String(32), primary_key=True)
    person: Mapped[str] = mapped_column(String(8), index=True)
    expires: Mapped[int] = mapped_column(BigInteger, index=True)
    revoked: Mapped[int | None] = mapped_column(BigInteger)
