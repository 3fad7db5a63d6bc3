"""Finds rows by what names them. Those that do not exist for the caller are left out, and what can be no name of any
never reaches the database."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from models.access import Access
from models.columns import is_id
from models.environment import Environment
from models.names import check_label
from models.operation import OperationStep
from models.project import Project
from models.reads.scope import Visible, exists_for
from models.service import Service
from models.vocabulary import EnvironmentPhase

Row = TypeVar("Row", bound=Visible)


def rows_by_id(session: Session, access: Access, table: type[Row], ids: Sequence[str]) -> dict[str, Row]:
    possible = [id_ for id_ in ids if is_id(id_)]
    if not possible:
        return {}
    statement = select(table).where(col(table.id).in_(possible), exists_for(access, table))
    return {row.id: row for row in session.exec(statement).all()}


def project_named(session: Session, access: Access, name: str) -> Project | None:
    if check_label(name) is not None:
        return None
    return session.exec(select(Project).where(Project.name == name, exists_for(access, Project))).first()


def environment_named(session: Session, access: Access, name: str) -> Environment | None:
    """The living one of that name, or the one that was destroyed last."""
    if check_label(name) is not None:
        return None
    return session.exec(
        select(Environment)
        .where(Environment.name == name, exists_for(access, Environment))
        .order_by(col(Environment.phase) == EnvironmentPhase.DESTROYED, col(Environment.id).desc())
    ).first()


def services_by_name(session: Session, names: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Service]:
    """Services by their environment's id and their name."""
    possible = [(environment_id, name) for environment_id, name in names if check_label(name) is None]
    if not possible:
        return {}
    statement = select(Service).where(tuple_(col(Service.environment_id), col(Service.name)).in_(possible))
    return {(row.environment_id, row.name): row for row in session.exec(statement).all()}


def steps_of_operations(session: Session, operation_ids: Sequence[str]) -> dict[str, list[OperationStep]]:
    """The steps of each operation, in order."""
    steps: dict[str, list[OperationStep]] = {operation_id: [] for operation_id in operation_ids}
    statement = select(OperationStep).where(col(OperationStep.operation_id).in_(operation_ids))
    for step in session.exec(statement.order_by(col(OperationStep.position))).all():
        steps[step.operation_id].append(step)
    return steps
