"""What an API process needs to know its callers, made from its settings."""

from collections.abc import Sequence

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from models.async_database import AsyncDatabase
from resolvers.identity.admission import Admission, admit_local_admin
from resolvers.identity.keys import KeyRing
from resolvers.identity.loopback import LoopbackOnly
from resolvers.identity.oidc import OidcVerifier
from resolvers.identity.revocations import Revocations
from resolvers.settings import ApiSettings
from resolvers.transport import Admit

_PREFLIGHT_SECONDS = 600


def admission(settings: ApiSettings, database: AsyncDatabase) -> Admit:
    """Says who is calling."""
    if not settings.has_identity:
        return admit_local_admin
    oidc = settings.oidc
    verifier = OidcVerifier(oidc, KeyRing(oidc.issuer)) if oidc is not None else None
    return Admission(database, verifier, Revocations(database, settings.revocation_seconds))


def middleware(settings: ApiSettings) -> Sequence[Middleware]:
    """What stands before the routes: which pages of browsers may come in."""
    origins = settings.cors_origins
    cors = Middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=["GET", "POST"],
        # Whatever a page's tracing adds; nothing that a browser sends by itself says who is asking
        allow_headers=["*"],
        expose_headers=["retry-after"],
        max_age=_PREFLIGHT_SECONDS,
    )
    guard = () if settings.has_identity else (Middleware(LoopbackOnly, origins=origins),)
    return (*guard, *((cors,) if origins else ()))
