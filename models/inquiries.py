"""Questions of the API that only a worker can answer."""

from datetime import timedelta

from sqlmodel import Session, col, delete, select, update

from models.clock import database_clock
from models.columns import now
from models.operation import Inquiry

#: The API waits this long; later answers are of no use to anybody.
ANSWER_SECONDS = 10.0


def ask(session: Session, kind: str, subject_id: str) -> Inquiry:
    inquiry = Inquiry(kind=kind, subject_id=subject_id)
    session.add(inquiry)
    session.flush()
    return inquiry


def take(session: Session, inquiry_id: str) -> Inquiry | None:
    """The inquiry, if nobody else works on it."""
    row = session.exec(
        update(Inquiry)
        .where(
            col(Inquiry.id) == inquiry_id,
            col(Inquiry.taken_until) < database_clock(),
            col(Inquiry.answer).is_(None),
            col(Inquiry.error).is_(None),
        )
        .values(taken_until=database_clock() + ANSWER_SECONDS)
        .returning(col(Inquiry.id))
    ).first()
    return session.get(Inquiry, inquiry_id, populate_existing=True) if row else None


def answer(session: Session, inquiry_id: str, text: str | None, error: str | None) -> None:
    session.exec(update(Inquiry).where(col(Inquiry.id) == inquiry_id).values(answer=text, error=error))


def open_inquiries(session: Session, limit: int) -> list[str]:
    """Those that are still of use and that nobody has taken: their message was lost."""
    since = now() - timedelta(seconds=ANSWER_SECONDS)
    statement = select(Inquiry.id).where(
        col(Inquiry.created_at) > since,
        col(Inquiry.taken_until) < database_clock(),
        col(Inquiry.answer).is_(None),
        col(Inquiry.error).is_(None),
    )
    return list(session.exec(statement.limit(limit)).all())


def forget_old(session: Session) -> None:
    session.exec(delete(Inquiry).where(col(Inquiry.created_at) < now() - timedelta(minutes=10)))
