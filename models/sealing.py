"""Encryption of secret values at rest."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_HINT = "make one with `openssl rand -base64 32 | tr +/ -_`"

#: What a Fernet token holds besides the padded value: version, time, initialization vector, signature.
_OVERHEAD = 57


class SealBroken(Exception):
    """A sealed value can't be read: it was altered, or sealed under a key that is no longer given."""


class Sealer:
    """Seals under the first of its keys and unseals what any of them sealed, so that keys can be rotated."""

    def __init__(self, keys: str) -> None:
        """`keys`: one or more, with commas between, the newest first. Raises ValueError for an unusable one."""
        fernets = [_fernet(key.strip(), number) for number, key in enumerate(keys.split(","), 1) if key.strip()]
        if not fernets:
            raise ValueError(f"SECRETS_KEY is empty; {_HINT}")
        self._fernets = MultiFernet(fernets)

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
