"""Encryption of secret values at rest, and hashes of them that nobody can guess by."""

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_HINT = "make one with `openssl rand -base64 32 | tr +/ -_`"

#: What a Fernet token holds besides the padded value: version, time, initialization vector, signature.
_OVERHEAD = 57


class SealBroken(Exception):
    """A sealed value can't be read: it was altered, or sealed under a key that is no longer given."""


class Sealer:
    """Seals under the first of its keys and unseals what any of them sealed, so that keys can be rotated."""

    def __init__(self, keys: str) -> None:
        """`keys`: one or more, with commas between, the newest first. Raises ValueError for an unusable one."""
        given = [key.strip() for key in keys.split(",")]
        fernets = [_fernet(key, number) for number, key in enumerate(given, 1) if key]
        if not fernets:
            raise ValueError(f"SECRETS_KEY is empty; {_HINT}")
        self._fernets = MultiFernet(fernets)
        self._hash_keys = [_hash_key(key) for key in given if key]

    def seal(self, value: str) -> str:
        return self._fernets.encrypt(value.encode()).decode("ascii")

    def unseal(self, sealed: str) -> str:
        """Raises SealBroken."""
        try:
            return self._fernets.decrypt(sealed.encode()).decode()
        except (InvalidToken, UnicodeError):
            raise SealBroken(
                "A sealed value can't be read: it was altered, or the key that sealed it is no longer among the "
                "given ones. Put that key behind the current one."
            ) from None

    def rotate(self, sealed: str) -> str:
        """The same value under the newest key. Raises SealBroken."""
        return self.seal(self.unseal(sealed))

    def fingerprints(self, text: str) -> Sequence[str]:
        """A hash of the text under each of the keys, the newest first: without them nobody can try what was in it."""
        return [_hmac(key, text) for key in self._hash_keys]


def generate_key() -> str:
    """A new random key."""
    return Fernet.generate_key().decode("ascii")


def clear_size(sealed: str) -> int:
    """At most how many bytes the sealed value has in clear."""
    return max(0, len(sealed) * 3 // 4 - _OVERHEAD)


def _fernet(key: str, number: int) -> Fernet:
    try:
        return Fernet(key)
    except (ValueError, UnicodeError):
        raise ValueError(f"SECRETS_KEY: key {number} is not 32 bytes in URL-safe base64; {_HINT}") from None


def _hash_key(key: str) -> bytes:
    """Another key than the one that seals, so that neither tells anything of the other."""
    derived = HKDF(SHA256(), length=32, salt=None, info=b"phaseline fingerprints")
    return derived.derive(base64.urlsafe_b64decode(key))


def _hmac(key: bytes, text: str) -> str:
    mac = HMAC(key, SHA256())
    mac.update(text.encode())
    return mac.finalize().hex()
