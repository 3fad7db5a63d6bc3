"""The keys that an OIDC issuer signs with."""

import asyncio
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from time import monotonic

import structlog
from jwt import PyJWK, PyJWKClient
from jwt.exceptions import PyJWKClientConnectionError, PyJWKClientError, PyJWKSetError
from pydantic import BaseModel

DISCOVERY = "/.well-known/openid-configuration"
#: Both documents are small; an answer that never ends must not fill the memory.
_MAX_DOCUMENT = 1_000_000

log = structlog.get_logger("phaseline.identity")


class IssuerAway(Exception):
    """The keys can't be had: the issuer does not answer, or answers nonsense."""


class UnknownKey(Exception):
    """The issuer has no such key."""


class Discovered(BaseModel):
    """What we need of the document by which an issuer describes itself (OpenID Connect Discovery 1.0, section 3)."""

    issuer: str
    jwks_uri: str


class KeyRing:
    """Found by discovery with the first token, and fetched again when they are old or a token names another one.

    Whatever tokens name, the issuer is asked at most every `pause` seconds. All times are in seconds.
    """

    def __init__(self, issuer: str, *, lifetime: float = 600, pause: float = 10, timeout: float = 5) -> None:
        self._issuer = issuer
        self._lifetime = lifetime
        self._pause = pause
        self._timeout = timeout
        self._client: PyJWKClient | None = None
        self._ask_again_at = 0.0
        # One thread at a time: an issuer that hangs must not take all that others need
        self._fetching = asyncio.Lock()

    async def key(self, kid: str) -> PyJWK:
        """Raises UnknownKey, IssuerAway."""
        if (key := self._at_hand(kid)) is not None:
            return key
        async with self._fetching:
            if (key := self._at_hand(kid)) is not None:
                return key
            if monotonic() < self._ask_again_at:
                raise IssuerAway
            return await asyncio.to_thread(self._failing_seldom, lambda: self._fetched(kid))

    def _at_hand(self, kid: str) -> PyJWK | None:
        cache = self._client.jwk_set_cache if self._client is not None else None
        keys = cache.get() if cache is not None else None
        signing = [key for key in keys.keys if key.public_key_use in ("sig", None)] if keys is not None else []
        return PyJWKClient.match_kid(signing, kid)

    def _failing_seldom(self, fetch: Callable[[], PyJWK]) -> PyJWK:
        """After a failure nobody asks for a while."""
        try:
            return fetch()
        except (OSError, HTTPException, ValueError, PyJWKClientConnectionError, PyJWKSetError) as error:
            self._ask_again_at = monotonic() + self._pause
            log.warning("the OIDC issuer gives no keys", issuer=self._issuer, error=str(error))
            raise IssuerAway from error

    def _fetched(self, kid: str) -> PyJWK:
        if self._client is None:
            self._client = PyJWKClient(
                self._discovered(), lifespan=self._lifetime, cooldown_duration=self._pause, timeout=self._timeout
            )
        try:
            return self._client.get_signing_key(kid)
        except PyJWKClientConnectionError:
            raise
        except PyJWKClientError as error:
            raise UnknownKey from error

    def _discovered(self) -> str:
        """Where the keys are. Raises ValueError for a document that is not this issuer's."""
        url = self._issuer.rstrip("/") + DISCOVERY
        with urllib.request.urlopen(url, timeout=self._timeout) as response:  # noqa: S310 settings allow http(s) only
            found = Discovered.model_validate_json(response.read(_MAX_DOCUMENT))
        if found.issuer != self._issuer:
            raise ValueError(f"the document at {url} does not name {self._issuer} as its issuer")
        if self._issuer.startswith("https:") and not found.jwks_uri.startswith("https:"):
            raise ValueError(f"the document at {url} has a jwks_uri without TLS")
        return found.jwks_uri
