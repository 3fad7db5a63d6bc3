"""Which API tokens there are, and which of them still hold."""

from collections.abc import Collection, Sequence

from sqlmodel import Session, col, or_, select

from models.api_token import ApiToken, hash_of
from models.columns import now


def token_of(session: Session, secret: str) -> ApiToken | None:
    """The token with this secret, whether or not it still holds."""
    return session.exec(select(ApiToken).where(ApiToken.secret_hash == hash_of(secret))).first()


def still_valid(session: Session, token_ids: Collection[str]) -> set[str]:
    """Those of the tokens that are neither revoked nor expired."""
    statement = select(ApiToken.id).where(
        col(ApiToken.id).in_(token_ids),
        col(ApiToken.revoked_at).is_(None),
        or_(col(ApiToken.expires_at).is_(None), col(ApiToken.expires_at) > now()),
    )
    return set(session.exec(statement).all())


def all_tokens(session: Session) -> Sequence[ApiToken]:
    """Revoked ones too, in the order of their creation."""
    return session.exec(select(ApiToken).order_by(col(ApiToken.id))).all()
