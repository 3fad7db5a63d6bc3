"""An entry tells every field that its mutation changed, of whatever object, and no other."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from models.access import Access
from models.audit.entry import AuditEntry
from models.audit.fields import FIELDS, flat
from models.audit.recording import audited
from models.columns import Table
from models.database import Database
from models.mutations.cancel_operation import cancel_operation
from models.mutations.delete_service import delete_service
from models.mutations.destroy_environment import destroy_environment
from models.mutations.request import Request
from models.mutations.retry_operation import retry_operation
from models.mutations.update_service import update_service
from models.operations.lease import claim
from models.sealing import Sealer, generate_key
from models.vocabulary import OperationKind, Role
from tests.jobs.seeds import Seed, seed
from tests.models.audit.giving_up import give_up

ROOT = Request(Access("ann", Role.ADMIN))
SEALER = Sealer(generate_key())

Mutation = Callable[[Session], object]
#: Brings an environment with the services web and api where the mutation finds it.
Scenario = Callable[[Seed], Mutation]


def retry(kind: OperationKind) -> Scenario:
    def scenario(staging: Seed) -> Mutation:
        operation_id = staging.queue(kind, "web")
        give_up(staging, operation_id)
        return lambda session: audited(session, retry_operation, ROOT, operation_id=operation_id)

    return scenario


def cancel(kind: OperationKind, *, begun: bool) -> Scenario:
    def scenario(staging: Seed) -> Mutation:
        operation_id = staging.queue(kind, "web")
        if begun:
            begin(staging, operation_id)
        return lambda session: audited(session, cancel_operation, ROOT, operation_id=operation_id)

    return scenario


def retry_of_a_destroy(staging: Seed) -> Mutation:
    operation_id = destroyed(staging)
    give_up(staging, operation_id)
    return lambda session: audited(session, retry_operation, ROOT, operation_id=operation_id)


def cancel_of_a_destroy(staging: Seed) -> Mutation:
    operation_id = destroyed(staging)
    return lambda session: audited(session, cancel_operation, ROOT, operation_id=operation_id)


def destroy_of_what_is_busy(staging: Seed) -> Mutation:
    begin(staging, staging.queue(OperationKind.UPDATE_SERVICE, "web"))
    staging.queue(OperationKind.UPDATE_SERVICE, "api")
    id_ = staging.environment_id
    return lambda session: audited(session, destroy_environment, ROOT, environment_id=id_, confirm_name="staging")


def deletion_of_what_is_busy(staging: Seed) -> Mutation:
    staging.queue(OperationKind.UPDATE_SERVICE, "web")
    web = staging.service_ids["web"]
    return lambda session: audited(session, delete_service, ROOT, service_id=web, confirm=True, sealer=SEALER)


def update_that_supersedes(staging: Seed) -> Mutation:
    staging.queue(OperationKind.UPDATE_SERVICE, "web")
    web, change = staging.service_ids["web"], {"deployment": {"replicas": 3}}
    return lambda session: audited(
        session, update_service, ROOT, service_id=web, change=change, expected_revision=None, sealer=SEALER
    )


def begin(staging: Seed, operation_id: str) -> None:
    with staging.database.writing() as session:
        assert claim(session, operation_id, "worker", 60)


def destroyed(staging: Seed) -> str:
    with staging.database.writing() as session:
        accepted = destroy_environment(session, ROOT, environment_id=staging.environment_id, confirm_name="staging")
        return accepted.operation.id


def everything(database: Database) -> dict[tuple[str, str], str]:
    """Every field that the log tells of, of all rows."""
    found = dict[tuple[str, str], str]()
    with database.reading() as session:
        for table in FIELDS:
            for row in session.exec(select(table)).all():
                found |= {(str(getattr(row, "id")), field): value for field, value in shown(row).items()}  # noqa: B009
    return found


def shown(row: Table) -> dict[str, str]:
    values = flat({field: getattr(row, field) for field in FIELDS[type(row)]})
    return {field: str(value) for field, value in values.items()}


@pytest.mark.parametrize(
    "scenario",
    [
        retry(OperationKind.UPDATE_SERVICE),
        retry(OperationKind.DELETE_SERVICE),
        retry_of_a_destroy,
        cancel(OperationKind.UPDATE_SERVICE, begun=False),
        cancel(OperationKind.UPDATE_SERVICE, begun=True),
        cancel(OperationKind.DELETE_SERVICE, begun=False),
        cancel_of_a_destroy,
        destroy_of_what_is_busy,
        deletion_of_what_is_busy,
        update_that_supersedes,
    ],
)
def test_it_is_all_there(database: Database, scenario: Scenario) -> None:
    mutation = scenario(seed(database, "web", "api"))
    before = everything(database)
    with database.writing() as session:
        mutation(session)
    after = everything(database)

    with database.reading() as session:
        entry = session.exec(select(AuditEntry)).one()
    told = {(one.object_id, one.field): (one.before, one.after) for one in entry.changes}
    changed = {key: (before.get(key), after.get(key)) for key in before | after if before.get(key) != after.get(key)}
    assert told == changed
    assert changed
