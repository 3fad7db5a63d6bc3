"""Questions of the API that only a worker can answer."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, delete, or_, select, update

from models.clock import database_clock
from models.columns import now
from models.operation import Inquiry

#: The API waits this long; later answers are of no use to anybody.
ANSWER_SECONDS = 10.0


class InquiryKind(StrEnum):
    """What is asked, about which subject."""

    #: About an environment.
    DESTROY_PLAN = "DESTROY_PLAN"
    #: About a service; the details are its configuration as it would be.
    SERVICE_PREVIEW = "SERVICE_PREVIEW"
    #: About a cluster.
    LEFTOVERS = "LEFTOVERS"
    #: About a cluster; the details are what is to be removed.
    REMOVE_LEFTOVERS = "REMOVE_LEFTOVERS"


def ask(session: Session, kind: InquiryKind, subject_id: str, details: str | None = None) -> Inquiry:
    inquiry = Inquiry(kind=kind, subject_id=subject_id, details=details)
    session.add(inquiry)
    session.flush()
    return inquiry


def take(session: Session, inquiry_id: str) -> Inquiry | None:
    """The inquiry, if nobody else works on it and somebody still waits for its answer."""
    row = session.exec(
        update(Inquiry)
        .where(
            col(Inquiry.id) == inquiry_id,
            *_open(),
        )
        .values(taken_until=database_clock() + ANSWER_SECONDS)
        .returning(col(Inquiry.id))
    ).first()
    return session.get(Inquiry, inquiry_id, populate_existing=True) if row else None


def answer(session: Session, inquiry_id: str, text: str | None, error: str | None) -> None:
    session.exec(update(Inquiry).where(col(Inquiry.id) == inquiry_id).values(answer=text, error=error))


def open_inquiries(session: Session, limit: int) -> list[str]:
    """Those that are still of use and that nobody has taken: their message was lost."""
    return list(session.exec(select(Inquiry.id).where(*_open()).limit(limit)).all())


def reusable(session: Session, inquiry_id: str) -> Inquiry | None:
    """The inquiry, if it was answered or somebody may still answer it."""
    young = col(Inquiry.created_at) > now() - timedelta(seconds=ANSWER_SECONDS)
    good = or_(col(Inquiry.answer).is_not(None), and_(young, col(Inquiry.error).is_(None)))
    return session.exec(select(Inquiry).where(Inquiry.id == inquiry_id, good)).first()


def _open() -> Sequence[ColumnElement[bool]]:
    return (
        col(Inquiry.created_at) > now() - timedelta(seconds=ANSWER_SECONDS),
        col(Inquiry.taken_until) < database_clock(),
        col(Inquiry.answer).is_(None),
        col(Inquiry.error).is_(None),
    )


def forget_old(session: Session) -> None:
    session.exec(delete(Inquiry).where(col(Inquiry.created_at) < now() - timedelta(minutes=10)))
