"""Tokens of service accounts: JSON Web Tokens that this server signs and nobody else reads (HS256)."""

import base64
import binascii
import hashlib
import hmac
import time

import orjson

from embedded.kubernetes.objects import Object, name_of, namespace_of, uid_of

_HEADER = {"alg": "HS256", "typ": "JWT"}
ISSUER = "https://kubernetes.default.svc.cluster.local"


class Tokens:
    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def issue(self, account: Object, seconds: int | None) -> str:
        """For so many seconds; None for one that doesn't expire."""
        now = int(time.time())
        claims: Object = {
            "iss": ISSUER,
            "sub": f"system:serviceaccount:{namespace_of(account)}:{name_of(account)}",
            "aud": [ISSUER],
            "iat": now,
            "kubernetes.io": {
                "namespace": namespace_of(account),
                "serviceaccount": {"name": name_of(account), "uid": uid_of(account)},
            },
        }
        if seconds is not None:
            claims["exp"] = now + seconds
        signed = f"{_encoded(orjson.dumps(_HEADER))}.{_encoded(orjson.dumps(claims))}"
        return f"{signed}.{self._signature(signed)}"

    def claims(self, token: str) -> Object | None:
        """None if it is not ours, or has expired."""
        signed, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(signed).encode()):
            return None
        payload = signed.rpartition(".")[2]
        try:
            claims: Object = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        except (binascii.Error, ValueError):
            return None
        return None if claims.get("exp", time.time() + 1) <= time.time() else claims

    def _signature(self, signed: str) -> str:
        return _encoded(hmac.digest(self._key, signed.encode(), hashlib.sha256))


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
