"""What a service shows of what is done with it."""

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from models.service import Service
from models.vocabulary import ServiceStatus


def show_status(
    session: Session, services: ColumnElement[bool], status: ServiceStatus, reason: str | None = None
) -> None:
    """Sets it for those services, row by row, so that the audit log sees it. The environment's row must be locked."""
    statement = select(Service).where(services).order_by(col(Service.id))
    for service in session.exec(statement.execution_options(populate_existing=True)).all():
        service.status = status
        service.status_reason = reason
        session.add(service)
