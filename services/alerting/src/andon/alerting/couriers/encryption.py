"""Encryption of Web Push (RFC 8291, RFC 8188): only the browser can read what passes its push service. Pure."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from os import urandom
from struct import pack

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from andon.common.errors import InvalidError

RECORD = 4096
MAX_PLAIN = RECORD - 103
"""Bytes that fit beside the header (86), the tag (16) and the delimiter (1): push services take no larger body."""

_AUTH_BYTES = 16


def encrypt(
    plain: bytes,
    p256dh: str,
    auth: str,
    *,
    private: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes = b"",
) -> bytes:
    """The body of a push message (`Content-Encoding: aes128gcm`) for a browser's keys.

    private, salt: new ones for each message, but in tests.

    Raises:
        InvalidError: the keys are none, or the text is too long.
    """
    if len(plain) > MAX_PLAIN:
        raise InvalidError(f"A push message has at most {MAX_PLAIN} bytes")
    theirs, secret = read_keys(p256dh, auth)
    key, salt = private or ec.generate_private_key(ec.SECP256R1()), salt or urandom(16)
    ours, their_point = point(key.public_key()), point(theirs)
    shared = key.exchange(ec.ECDH(), theirs)
    material = _derive(shared, secret, b"WebPush: info\0" + their_point + ours, 32)
    cipher = AESGCM(_derive(material, salt, b"Content-Encoding: aes128gcm\0", 16))
    nonce = _derive(material, salt, b"Content-Encoding: nonce\0", 12)
    # 2 ends the last record, and there is but one.
    return salt + pack(">IB", RECORD, len(ours)) + ours + cipher.encrypt(nonce, plain + b"\x02", None)


def read_keys(p256dh: str, auth: str) -> tuple[ec.EllipticCurvePublicKey, bytes]:
    """The keys a browser hands out with its subscription.

    Raises:
        InvalidError: they are none.
    """
    try:
        secret = decode(auth)
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(p256dh))
    except (ValueError, Error):
        secret = b""
    if len(secret) != _AUTH_BYTES:
        raise InvalidError("The keys of the subscription are not usable; pass p256dh and auth as the browser gave them")
    return public, secret


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def encode(data: bytes) -> str:
    """Base64 for URLs, without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Bytes of base64 for URLs, with or without padding.

    Raises:
        ValueError: it is none.
    """
    return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


def _derive(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(material)
