"""Says who is calling, from the headers of a request or the payload of connection_init."""

import asyncio
import time
from collections.abc import Coroutine, Hashable
from functools import partial
from typing import Any

from starlette.requests import HTTPConnection

from models.access import Access
from models.api_token import PREFIX
from models.async_database import AsyncDatabase
from models.columns import now
from models.reads.api_tokens import token_of
from models.vocabulary import Role
from resolvers.identity.oidc import OidcVerifier
from resolvers.identity.refusing import bad_token, no_token
from resolvers.identity.revocations import Revocations
from resolvers.transport import Caller
from resolvers.transport.callers import ConnectionParams

#: Longer ones are no token, and not worth a look.
MAX_TOKEN = 16 * 1024
_LOCAL_ADMIN = Access("local", everywhere=Role.ADMIN)


async def admit_local_admin(_connection: HTTPConnection, _params: ConnectionParams) -> Caller:
    """Everybody who reaches us is the admin: the server listens on loopback only.

    Nobody is kept from his own machine, so what he does there is not counted: he has no name.
    """
    return Caller(viewer=_LOCAL_ADMIN, share_key=_share_key(_LOCAL_ADMIN))


class Admission:
    """Admits whoever shows a token that holds. Without a verifier only API tokens do."""

    def __init__(self, database: AsyncDatabase, verifier: OidcVerifier | None, revocations: Revocations) -> None:
        self._database = database
        self._verifier = verifier
        self._revocations = revocations

    async def __call__(self, connection: HTTPConnection, params: ConnectionParams) -> Caller:
        """Raises a Refusal."""
        token = _bearer_token(connection, params)
        if token.startswith(PREFIX):
            return await self._by_api_token(token)
        if self._verifier is None:
            raise bad_token("The token is not an API token, and no other is accepted here.")
        verified = await self._verifier.verify(token)
        return _caller(verified.access, partial(_until, verified.until))

    async def _by_api_token(self, secret: str) -> Caller:
        token = await self._database.read(token_of, secret)
        if token is None:
            raise bad_token("There is no such API token.")
        if token.revoked_at is not None:
            raise bad_token("The API token was revoked.")
        if token.expires_at is not None and token.expires_at <= now():
            raise bad_token("The API token has expired.")
        return _caller(token.access, partial(self._revocations.ended, token.id))


def _bearer_token(connection: HTTPConnection, params: ConnectionParams) -> str:
    given = params.get("Authorization") or params.get("authorization") or connection.headers.get("authorization")
    if given is None:
        raise no_token()
    scheme, _, token = given.partition(" ") if isinstance(given, str) else ("", "", "")
    token = token.strip()
    if scheme.lower() != "bearer" or not token.isascii() or not 0 < len(token) <= MAX_TOKEN:
        raise bad_token("The value of Authorization must be Bearer and a token.")
    return token


def _caller(access: Access, ended: partial[Coroutine[Any, Any, None]]) -> Caller:
    return Caller(viewer=access, name=access.caller, share_key=_share_key(access), ended=ended)


def _share_key(access: Access) -> Hashable:
    """What anything that is shown depends on: the roles, never who has them."""
    return access.everywhere, frozenset(access.projects.items())


async def _until(instant: float) -> None:
    """Returns at that instant, in seconds since 1970."""
    await asyncio.sleep(max(instant - time.time(), 0))
