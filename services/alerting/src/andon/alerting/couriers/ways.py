"""Ways: all couriers together, with what they need; opened and closed as one."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from email.utils import parseaddr
from functools import partial

from andon.alerting.couriers.album import TrendAlbum
from andon.alerting.couriers.apprise import Apprise
from andon.alerting.couriers.courier import Courier
from andon.alerting.couriers.email import Mail
from andon.alerting.couriers.guarded import GuardedClient
from andon.alerting.couriers.push import Push
from andon.alerting.couriers.vapid import Vapid, open_vapid
from andon.alerting.couriers.webhook import Webhook
from andon.alerting.couriers.zones import zone_of
from andon.alerting.database import Database
from andon.alerting.settings import AlertingSettings
from andon.common.history.history import History
from andon.common.plant import Plant


@dataclass(frozen=True)
class Ways:
    """The courier of each kind of channel; vapid: what browsers subscribe to."""

    couriers: dict[str, Courier]
    vapid: Vapid


@asynccontextmanager
async def open_ways(
    settings: AlertingSettings, database: Database, plant: Plant, history: History
) -> AsyncIterator[Ways]:
    """All couriers. history: where trends are read; without an answer mails go without.

    Raises:
        SetupError: the key for browsers that is kept cannot be read.
    """
    zone = partial(zone_of, plant)
    vapid = await open_vapid(database, contact(settings))
    async with (
        aclosing(GuardedClient(settings.webhook_allow)) as http,
        aclosing(Apprise(settings.webhook_allow, settings.public_url)) as apprise,
    ):
        couriers: dict[str, Courier] = {
            "email": Mail(settings, TrendAlbum(plant, history, zone), zone),
            "webhook": Webhook(http),
            "apprise": apprise,
            "push": Push(database, http, vapid, settings.public_url),
        }
        yield Ways(couriers, vapid)


def contact(settings: AlertingSettings) -> str:
    """Whom a push service can complain to: where Andon is, if that is HTTPS, or who its mails are from."""
    if settings.public_url.startswith("https://"):
        return settings.public_url
    return f"mailto:{parseaddr(settings.smtp_from)[1]}"
