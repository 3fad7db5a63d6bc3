"""Finds rows by what names them, many at once. Rows that do not exist for the caller are left out."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from models.access import Access
from models.environment import Environment
from models.operation import OperationStep
from models.project import Project
from models.reads.scope import Visible, exists_for
from models.service import Service
from models.vocabulary import EnvironmentPhase

Row = TypeVar("Row", bound=Visible)


def rows_by_id(session: Session, access: Access, table: type[Row], ids: Sequence[str]) -> dict[str, Row]:
    statement = select(table).where(col(table.id).in_(ids), exists_for(access, table))
    return {row.id: row for row in session.exec(statement).all()}


def project_named(session: Session, access: Access, name: str) -> Project | None:
    return session.exec(select(Project).where(Project.name == name, exists_for(access, Project))).first()


def environment_named(session: Session, access: Access, name: str) -> Environment | None:
    """The living one of that name, or the one that was destroyed last."""
    return session.exec(
        select(Environment)
        .where(Environment.name == name, exists_for(access, Environment))
        .order_by(col(Environment.phase) == EnvironmentPhase.DESTROYED, col(Environment.id).desc())
    ).first()


def services_by_name(session: Session, names: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Service]:
    """Services by their environment's id and their name."""
    key = tuple_(col(Service.environment_id), col(Service.name))
    return {(row.environment_id, row.name): row for row in session.exec(select(Service).where(key.in_(names))).all()}


def steps_of_operations(session: Session, operation_ids: Sequence[str]) -> dict[str, list[OperationStep]]:
    """The steps of each operation, in order."""
    steps: dict[str, list[OperationStep]] = {operation_id: [] for operation_id in operation_ids}
    statement = select(OperationStep).where(col(OperationStep.operation_id).in_(operation_ids))
    for step in session.exec(statement.order_by(col(OperationStep.position))).all():
        steps[step.operation_id].append(step)
    return steps
