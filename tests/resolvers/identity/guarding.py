"""The toy schema, served to those who show a token."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

from starlette.applications import Starlette

from models.async_database import open_async_database
from resolvers.identity.admission import Admission
from resolvers.identity.keys import KeyRing
from resolvers.identity.oidc import OidcSettings, OidcVerifier
from resolvers.identity.revocations import Revocations
from tests.resolvers.identity.issuer import AUDIENCE, Issuer
from tests.resolvers.transport.running import Server, serving


@contextmanager
def guarded(
    issuer: Issuer, database_url: str, *, pause: float = 0, leeway: float = 5, seconds: float = 0.05
) -> Generator[Server]:
    settings = OidcSettings(issuer.url, AUDIENCE, "roles", "name", leeway)
    database = open_async_database(database_url)
    verifier = OidcVerifier(settings, KeyRing(issuer.url, pause=pause, timeout=2))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        yield
        await database.close()

    admission = Admission(database, verifier, Revocations(database, seconds))
    with serving(admit=admission, lifespan=lifespan) as running:
        yield running
