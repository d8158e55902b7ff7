"""The door of the MQTT broker: nats-server asks who may come in, the registry answers.

Nobody comes in before intake's session exists, for the broker keeps a message only while a session wants it.
"""

import asyncio
from contextlib import suppress
from time import monotonic, perf_counter

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from pydantic import SecretStr

from andon.common import jobs, logs, subjects, topics
from andon.common.bus import Bus
from andon.common.errors import UnauthorizedError, UnavailableError
from andon.common.metrics import ADMISSIONS, BATCH_SECONDS
from andon.registry.admission import Question, Signer, read_question
from andon.registry.claims import Claims
from andon.registry.clientids import ClientIds
from andon.registry.connections import Connections
from andon.registry.quarantine import Quarantine
from andon.registry.secrets import is_secret
from andon.registry.storage import devices
from andon.registry.storage.database import Database
from andon.registry.storage.tables import DeviceRow

log = logs.get("registry.callout")

QUIET_SECONDS = 30.0
"""A device that keeps knocking is logged this often."""
QUIET_NAMES = 10_000
AT_ONCE = 32
"""Questions under way. nats-server waits five seconds for an answer: were a fleet that comes back answered one by one,
the last of it would be refused and knock again, and the registry would answer those who have gone."""
LONGEST_CLIENT_ID = 128
"""Bytes. The broker keeps every client id of a session that lasts."""


class Callout:
    """Run `keep`, `follow_intake` and `claims.follow` as tasks. Several registries share the questions out."""

    def __init__(
        self,
        bus: Bus,
        database: Database,
        signer: Signer,
        connections: Connections,
        *,
        quarantine: Quarantine,
        password: SecretStr,
    ) -> None:
        self._bus = bus
        self._database = database
        self._signer = signer
        self._connections = connections
        self._quarantine = quarantine
        self._password = password
        self._nc: Client | None = None
        self._wanted = subjects.session_keys(bus.settings.partitions)
        self._sessions = set[str]()
        self._session_epoch = -1
        self._quiet: dict[str, float] = {}
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._answers = set[asyncio.Task[None]]()
        self.claims = Claims(bus)
        self._client_ids = ClientIds(self.claims, self._is_revoked, self._is_connected)

    def check(self) -> str:
        """What keeps devices out, or ''."""
        if self._nc is None or not self._nc.is_connected:
            return "not connected to nats-server: no device can sign in"
        return ""

    async def follow_intake(self) -> None:
        """Follow whether intake's session exists, for ever."""
        await self._bus.follow(subjects.INTAKE_BUCKET, self._on_intake, self._on_intake_complete)

    def _on_intake(self, key: str, value: bytes | None) -> None:
        self._sessions.discard(key) if value is None else self._sessions.add(key)

    def _on_intake_complete(self, keys: set[str]) -> None:
        self._sessions = set(keys)
        self._session_epoch = self._bus.epoch

    @property
    def intake_ready(self) -> bool:
        """Whether all sessions of intake are known to exist, on the server we are connected to now."""
        return self._sessions >= self._wanted and self._session_epoch == self._bus.epoch and self._bus.connected

    async def keep(self) -> None:
        """Answer for ever; connect again whenever the client has given up."""
        while True:
            closed = asyncio.Event()
            try:
                self._nc = await self._connect(closed)
                await self._nc.subscribe(subjects.AUTH_CALLOUT, queue="registry", cb=self._on_question)
                await closed.wait()
            except (NatsError, OSError, TimeoutError) as error:
                log.debug("callout not connected; trying again", error=str(error))
            finally:
                await jobs.end(*self._answers)
                if self._nc is not None and not self._nc.is_closed:
                    with suppress(OSError):
                        await self._nc.close()
            await asyncio.sleep(0.5)

    async def _connect(self, closed: asyncio.Event) -> Client:
        async def on_closed() -> None:
            closed.set()

        async def on_error(error: Exception) -> None:
            log.debug("callout connection", error=str(error))

        return await nats.connect(
            self._bus.settings.servers,
            name="registry callout",
            user="auth",
            password=self._password.get_secret_value(),
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.2,
            connect_timeout=2,
            ping_interval=5,
            closed_cb=on_closed,
            error_cb=on_error,
        )

    async def _on_question(self, message: Msg) -> None:
        await self._turns.acquire()
        task = asyncio.create_task(self._answer(message), name="answer nats-server")
        self._answers.add(task)
        task.add_done_callback(self._on_answered)

    def _on_answered(self, task: asyncio.Task[None]) -> None:
        self._answers.discard(task)
        self._turns.release()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a question of nats-server was not answered", exc_info=error)

    async def _answer(self, message: Msg) -> None:
        try:
            question = read_question(message.data)
        except UnauthorizedError as error:
            log.warning("callout question ignored", error=str(error))
            return
        begun = perf_counter()
        try:
            device = await self._judge(question)
            answer = self._signer.admit(question, scope=device.scope, partitions=self._bus.settings.partitions)
            ADMISSIONS.labels("admitted").inc()
        except UnauthorizedError as error:
            answer = self._signer.refuse(question, str(error))
            self._say_refused(question, str(error))
        with suppress(NatsError):  # the connection is gone, and with it who asked
            await message.respond(answer)
        BATCH_SECONDS.labels("callout").observe(perf_counter() - begun)

    async def _judge(self, question: Question) -> DeviceRow:
        """The device that may come in.

        Raises:
            UnauthorizedError: it may not; says why, for the log.
        """
        if question.connection != "mqtt":
            raise UnauthorizedError("devices connect by MQTT alone")
        if len(question.client_id.encode()) > LONGEST_CLIENT_ID:
            raise UnauthorizedError(f"a client id may have {LONGEST_CLIENT_ID} bytes")
        if question.client_id.startswith(topics.INTAKE_CLIENT):
            raise UnauthorizedError(f"client ids that begin with '{topics.INTAKE_CLIENT}' are intake's own")
        if why := self._quarantine.refusal(question.username):  # first, for it may knock without end
            raise UnauthorizedError(why)
        try:
            async with self._database.read() as session:
                device = await devices.by_username(session, question.username)
        except UnavailableError as error:
            log.warning("devices cannot be looked up", error=str(error))
            raise UnauthorizedError("the registry's database does not answer; try again") from None
        if device is None:
            raise UnauthorizedError("no such device")
        if not is_secret(question.secret, device.secret):
            raise UnauthorizedError("wrong password")
        if device.revoked is not None:
            raise UnauthorizedError("this device was revoked")
        if not self.intake_ready:
            raise UnauthorizedError("intake's session does not exist yet; is ingest running?")
        await self._client_ids.bind(question.client_id, question.username)
        return device

    async def _is_revoked(self, username: str) -> bool:
        """Whether the device is gone or revoked; no, while nobody can tell."""
        with suppress(UnavailableError):
            async with self._database.read() as session:
                device = await devices.by_username(session, username)
            return device is None or device.revoked is not None
        return False

    async def _is_connected(self, username: str, client_id: str) -> bool:
        """Whether the device is connected with this client id, or nobody can tell."""
        try:
            found = await self._connections.find(mqtt_client=client_id)
        except (NatsError, OSError, TimeoutError) as error:
            log.debug("connections not known", error=str(error))
            return True
        return any(connection.username == username for connection in found)

    def _say_refused(self, question: Question, why: str) -> None:
        ADMISSIONS.labels("refused").inc()
        now = monotonic()
        if now < self._quiet.get(question.username, 0.0):
            return
        if len(self._quiet) >= QUIET_NAMES:
            self._quiet.clear()
        self._quiet[question.username] = now + QUIET_SECONDS
        log.warning("device refused", username=question.username[:64], client_id=question.client_id[:64], why=why)
