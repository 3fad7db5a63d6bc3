"""Creates an API token."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from models.api_token import ApiToken, hash_of, new_secret
from models.columns import now
from models.mutations.authority import require_everywhere
from models.mutations.request import Request
from models.names import check_label
from models.project import Project
from models.refusals import AlreadyExists, InvalidInput, Issue, NotFound
from models.vocabulary import Role

MAX_NAME = 40


@dataclass(frozen=True)
class IssuedToken:
    """The only time that anybody sees the secret."""

    token: ApiToken
    secret: str


def create_api_token(
    session: Session, request: Request, *, name: str, role: Role, project: str | None, expires_at: datetime | None
) -> IssuedToken:
    """Raises Forbidden, InvalidInput, NotFound, AlreadyExists."""
    require_everywhere(request, Role.ADMIN)
    if message := check_label(name, MAX_NAME):
        raise InvalidInput([Issue(("name",), message)])
    if expires_at is not None and expires_at <= now():
        raise InvalidInput([Issue(("expiresAt",), f"{expires_at.isoformat()} is over. Give a later instant.")])
    if project is not None and session.exec(select(Project.id).where(Project.name == project)).first() is None:
        raise NotFound(f"There is no project named {project!r}.")
    secret = new_secret()
    token = ApiToken(
        name=name,
        secret_hash=hash_of(secret),
        role=role,
        project=project,
        created_by=request.access.shown_name,
        expires_at=expires_at,
    )
    try:
        with session.begin_nested():
            session.add(token)
    except IntegrityError as error:
        raise AlreadyExists(f"There is a token named {name!r} already. Revoke it, or choose another name.") from error
    return IssuedToken(token, secret)
