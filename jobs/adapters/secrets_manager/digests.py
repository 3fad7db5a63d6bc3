"""Hashes of secret values, which stand in the ids of their versions."""

import hashlib
import secrets

_MOST_KNOWN = 4096


class Digests:
    """Descriptions of secrets are less guarded than values, so the hash is a slow one (some 40 ms): each is remembered
    under a fast one that never leaves the process. No value is kept."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._known: dict[bytes, str] = {}

    def of(self, service_id: str, text: str) -> str:
        name = hashlib.blake2b(f"{service_id} {text}".encode(), key=self._key).digest()
        found = self._known.get(name)
        if found is None:
            found = hashlib.scrypt(text.encode(), salt=service_id.encode(), n=2**14, r=8, p=1, dklen=16).hex()
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[name] = found
        return found
