"""Revokes an API token."""

from sqlmodel import Session, col, select

from models.api_token import ApiToken
from models.columns import now
from models.mutations.authority import require_everywhere
from models.mutations.request import Request
from models.refusals import NotFound
from models.vocabulary import Role


def revoke_api_token(session: Session, request: Request, *, name: str) -> ApiToken:
    """From now on it is refused, and the streams that it opened end. Raises Forbidden, NotFound."""
    require_everywhere(request, Role.ADMIN)
    living = select(ApiToken).where(ApiToken.name == name, col(ApiToken.revoked_at).is_(None))
    token = session.exec(living.with_for_update()).first()
    if token is None:
        raise NotFound(f"There is no token named {name!r} that could be revoked.")
    token.revoked_at = now()
    session.add(token)
    return token
