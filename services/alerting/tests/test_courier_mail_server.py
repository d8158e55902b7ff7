"""Mail servers as they are: over TLS, with a password, greylisting, or refusing an address, a sender, a message."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from andon.alerting.channel import Channel
from andon.alerting.couriers import email
from andon.alerting.couriers.email import Mail
from andon.alerting.settings import AlertingSettings
from andon.common.errors import InvalidError, UnavailableError
from andon.common.testing.ports import free_port

from .courier_words import single

TEAM = Channel(id="c1", name="team", kind="email", target="team@example.com")
PASSWORD = "p%40ss%3Aw%2Frd"


class Post:
    """A mail server that keeps what it takes; `says`: its answers by command, instead of yes."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.logins: list[tuple[bytes, bytes, bool]] = []
        self.says: dict[str, str] = {}

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        envelope.mail_from = address
        return self.says.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if "RCPT" not in self.says:
            envelope.rcpt_tos.append(address)
        return self.says.get("RCPT", "250 OK")

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if "DATA" not in self.says:
            self.taken.append(envelope.content)
        return self.says.get("DATA", "250 OK")

    def authenticate(self, _: Any, session: Any, __: Any, ___: str, login: LoginPassword) -> AuthResult:
        """Note the password, and whether it came over TLS."""
        self.logins.append((login.login, login.password, session.ssl is not None))
        return AuthResult(success=login.password == b"p@ss:w/rd", handled=False)


@contextmanager
def serving(post: Post, **how: Any) -> Iterator[int]:
    """Its port, while it runs."""
    server = Controller(post, hostname="127.0.0.1", port=free_port(), **how)
    server.start()
    try:
        yield server.port
    finally:
        server.stop(no_assert=True)


def mail(port: int, scheme: str = "smtp", login: str = "") -> Mail:
    return Mail(AlertingSettings(smtp_url=SecretStr(f"{scheme}://{login}127.0.0.1:{port}")))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 that nobody signed but itself, with its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "mail.pem"
    kept = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(kept + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def context(certificate: Path) -> ssl.SSLContext:
    found = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    found.load_cert_chain(certificate)
    return found


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator who trusts a server's own certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_a_password_is_told_over_tls(
    scheme: str, context: ssl.SSLContext, trusted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With smtp:// the connection is raised to TLS first (STARTTLS), with smtps:// it begins so."""
    monkeypatch.setattr(email, "_is_here", lambda _: False)
    post = Post()
    over: dict[str, Any] = {"ssl_context": context} if scheme == "smtps" else {"tls_context": context}
    plain = {"auth_require_tls": scheme == "smtp"}  # aiosmtpd sees no TLS that it did not begin itself
    with serving(post, authenticator=post.authenticate, auth_required=True, **plain, **over) as port:
        await mail(port, scheme, f"andon:{PASSWORD}@").send(TEAM, single())
    assert [login[:2] for login in post.logins] == [(b"andon", b"p@ss:w/rd")]
    assert len(post.taken) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_who_takes_starttls_out_of_the_answer_gets_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(email, "_is_here", lambda _: False)
    post = Post()
    refused = pytest.raises(UnavailableError, match=r"STARTTLS .* A password is told over TLS alone")
    with serving(post, authenticator=post.authenticate, auth_require_tls=False) as port, refused as told:
        await mail(port, login=f"andon:{PASSWORD}@").send(TEAM, single())
    assert post.logins == []
    assert "p@ss" not in str(told.value)


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_a_certificate_that_nobody_vouches_for_is_not_believed(scheme: str, context: ssl.SSLContext) -> None:
    post = Post()
    over: dict[str, Any] = {"ssl_context": context} if scheme == "smtps" else {"tls_context": context}
    with serving(post, **over) as port, pytest.raises(UnavailableError, match=r"(?i)certificate"):
        await mail(port, scheme).send(TEAM, single())
    assert post.taken == []


@pytest.mark.parametrize(
    ("command", "says", "error"),
    [
        ("RCPT", "450 4.2.0 Greylisted, come again in 60 seconds", UnavailableError),
        ("RCPT", "452 4.2.2 Mailbox is full", UnavailableError),
        ("RCPT", "550 5.1.1 User unknown", InvalidError),
        ("RCPT", "421 4.3.2 Shutting down", UnavailableError),
        ("MAIL", "451 4.7.1 Try later", UnavailableError),
        ("MAIL", "553 5.7.1 Sender is not allowed", UnavailableError),
        ("DATA", "451 4.3.0 Busy", UnavailableError),
        ("DATA", "554 5.7.1 Looks like spam", InvalidError),
    ],
)
async def test_what_may_be_mended_is_tried_again_and_a_refused_address_or_message_is_not(
    command: str, says: str, error: type[Exception]
) -> None:
    """A sender that is not allowed is a setting of ours: it can be mended, and then all that waits arrives."""
    post = Post()
    with serving(post) as port:
        post.says[command] = says
        with pytest.raises(error) as told:
            await mail(port).send(TEAM, single())
        assert says.partition(" ")[2] in str(told.value)
        post.says.clear()
        await mail(port).send(TEAM, single())
    assert len(post.taken) == 1


async def test_a_wrong_password_may_be_mended(context: ssl.SSLContext, trusted: None) -> None:
    post = Post()
    refused = pytest.raises(UnavailableError, match="did not take the message")
    with serving(post, authenticator=post.authenticate, tls_context=context) as port, refused as told:
        await mail(port, login="andon:guess@").send(TEAM, single())
    assert post.logins
    assert "guess" not in str(told.value)


def test_this_machine_is_known_however_it_is_spelt() -> None:
    known: Callable[[str], bool] = email._is_here
    assert [known(host) for host in ("localhost", "127.0.0.9", "::1", "mail.example.com", "10.0.0.1")] == [
        True,
        True,
        True,
        False,
        False,
    ]
