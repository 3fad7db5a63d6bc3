"""Bearer tokens of an OIDC issuer: JWTs (RFC 7519) signed by one of its keys."""

from dataclasses import dataclass
from typing import Any

import jwt
from jwt import PyJWK
from jwt.exceptions import (
    ExpiredSignatureError,
    ImmatureSignatureError,
    InvalidAlgorithmError,
    InvalidAudienceError,
    InvalidIssuerError,
    InvalidKeyError,
    InvalidSignatureError,
    MissingRequiredClaimError,
    PyJWTError,
)

from models.access import Access
from resolvers.identity.keys import IssuerAway, KeyRing, UnknownKey
from resolvers.identity.refusing import bad_token, issuer_away
from resolvers.identity.roles import EVERYWHERE, claim_at, roles_in
from resolvers.transport import forbidden

ALGORITHMS = ("RS256", "ES256")
_REQUIRED = ["exp", "iss", "aud", "sub"]


@dataclass(frozen=True)
class OidcSettings:
    """`roles_claim` and `name_claim` are names of claims, or ways to them with dots between."""

    issuer: str
    audience: str
    roles_claim: str
    name_claim: str
    leeway_seconds: float


@dataclass(frozen=True)
class Verified:
    access: Access
    #: Until this instant, in seconds since 1970, clock skew included.
    until: float


class OidcVerifier:
    """Checks tokens of one issuer for one audience."""

    def __init__(self, settings: OidcSettings, keys: KeyRing) -> None:
        self._settings = settings
        self._keys = keys

    async def verify(self, token: str) -> Verified:
        """Raises a Refusal that says what is wrong with the token."""
        try:
            claims = self._claims(token, await self._key(token))
        except (PyJWTError, RecursionError) as error:
            raise bad_token(_reason(error)) from None
        return Verified(self._access(claims), int(claims["exp"]) + self._settings.leeway_seconds)

    async def _key(self, token: str) -> PyJWK:
        """What its header names. The issuer is asked only for a token that might be one of its."""
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise InvalidAlgorithmError
        kid = header.get("kid")
        if not isinstance(kid, str):
            raise bad_token("The token does not name the key that signed it.")
        try:
            return await self._keys.key(kid)
        except UnknownKey:
            raise bad_token("The token is signed with a key that its issuer does not have.") from None
        except IssuerAway:
            raise issuer_away() from None

    def _claims(self, token: str, key: PyJWK) -> dict[str, Any]:
        return jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=self._settings.audience,
            issuer=self._settings.issuer,
            leeway=self._settings.leeway_seconds,
            options={"require": _REQUIRED},
        )

    def _access(self, claims: dict[str, Any]) -> Access:
        roles = roles_in(claim_at(claims, self._settings.roles_claim))
        if not roles:
            raise forbidden(
                f"The token is good, but gives no role: its claim {self._settings.roles_claim!r} names none of "
                "VIEWER, EDITOR and ADMIN."
            )
        everywhere = roles.pop(EVERYWHERE, None)
        name = claim_at(claims, self._settings.name_claim)
        return Access(f"oidc:{claims['sub']}", everywhere, roles, name if isinstance(name, str) else None)


def _reason(error: Exception) -> str:
    match error:
        case ExpiredSignatureError():
            return "The token has expired."
        case ImmatureSignatureError():
            return "The token is not valid yet."
        case InvalidAudienceError():
            return "The token is for another audience."
        case InvalidIssuerError():
            return "The token is from another issuer."
        case MissingRequiredClaimError(claim=claim):
            return f"The token has no claim {claim}."
        case InvalidAlgorithmError():
            return f"The token is not signed with {' or '.join(ALGORITHMS)}."
        case InvalidSignatureError() | InvalidKeyError():
            return "The token's signature is wrong."
        case _:
            return "The token is malformed."
