"""What ended long ago is forgotten; what is still of use never is."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, func, select, update

from jobs.housekeeping import Housekeeper
from models.columns import Table, now
from models.database import Database
from models.environment import Environment, PhaseTransition
from models.mutations.destroy_environment import destroy_environment
from models.mutations.request import claim_key
from models.mutations.retry_operation import retry_operation
from models.operation import IdempotencyKey, Operation, OperationStep
from models.operations.ending import end
from models.operations.history import start_release
from models.operations.lease import claim
from models.retention import Retention
from models.service import Release, ServiceRevision
from models.vocabulary import OperationKind, OperationStatus
from models.workflow import Workflow
from tests.jobs.seeds import Seed, request, seed

RETENTION = Retention(days=30, newest=2)
LONG_AGO = timedelta(days=31)


@pytest.fixture
def staging(database: Database) -> Seed:
    return seed(database, "web", "api")


@pytest.fixture
def housekeeper(database: Database) -> Housekeeper:
    return Housekeeper(database, RETENTION, seconds=3600)


def carry_out(staging: Seed, operation_id: str, status: OperationStatus = OperationStatus.SUCCEEDED) -> None:
    with staging.database.writing() as session:
        lease = claim(session, operation_id, "worker", 60)
        assert lease is not None
        start_release(session, lease, "example.com/app:1")
        end(session, lease, status)


def age(database: Database, delta: timedelta = LONG_AGO) -> None:
    """Moves everything that happened into the past."""
    with database.writing() as session:
        for table, column in (
            (Operation, "finished_at"),
            (PhaseTransition, "at"),
            (Release, "created_at"),
            (Workflow, "created_at"),
            (IdempotencyKey, "created_at"),
            (Environment, "updated_at"),
        ):
            known = col(getattr(table, column))
            session.exec(update(table).where(known.is_not(None)).values({column: now() - delta}))


def count(database: Database, table: type[Table]) -> int:
    with database.reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def test_the_newest_of_everything_stays(database: Database, staging: Seed, housekeeper: Housekeeper) -> None:
    operations = [staging.queue(OperationKind.UPDATE_SERVICE, "web") for _ in range(1)]
    carry_out(staging, operations[0])
    for status in (OperationStatus.FAILED, OperationStatus.FAILED, OperationStatus.FAILED):
        operations.append(staging.queue(OperationKind.UPDATE_SERVICE, "web"))
        carry_out(staging, operations[-1], status)
    age(database)

    assert housekeeper.clean() == 1
    assert housekeeper.clean() == 0

    with database.reading() as session:
        assert session.exec(select(Operation.id)).all() == [operations[-1]]
        assert {step.operation_id for step in session.exec(select(OperationStep)).all()} == {operations[-1]}
        environment = session.get_one(Environment, staging.environment_id)
        kept = session.exec(select(PhaseTransition.sequence)).all()
        assert kept == [environment.last_sequence]
        # the two newest, and the one that runs
        assert sorted(session.exec(select(Release.revision)).all()) == [2, 4, 5]
        assert sorted(session.exec(select(ServiceRevision.revision)).all()) == [2, 4, 5]
        assert session.exec(select(func.count()).select_from(Workflow)).one() == 2
    with database.writing() as session:
        retry_operation(session, request(), operation_id=operations[-1])


def test_what_is_young_or_under_way_stays(database: Database, staging: Seed, housekeeper: Housekeeper) -> None:
    for _ in range(3):
        carry_out(staging, staging.queue(OperationKind.UPDATE_SERVICE, "api"))
    staging.queue(OperationKind.UPDATE_SERVICE, "web")
    age(database, timedelta(days=29))
    before = {table: count(database, table) for table in (Operation, PhaseTransition, Release, Workflow)}

    assert housekeeper.clean() == 0
    assert {table: count(database, table) for table in before} == before


def test_a_destroyed_environment_goes_as_a_whole(database: Database, staging: Seed, housekeeper: Housekeeper) -> None:
    other = seed(database, "web", name="other")
    with database.writing() as session:
        accepted = destroy_environment(
            session, request(), environment_id=staging.environment_id, confirm_name="staging"
        )
    carry_out(staging, accepted.operation.id)
    housekeeper.clean()
    assert staging.phases()[-1] == "DESTROYED"

    age(database)
    housekeeper.clean()
    with database.reading() as session:
        assert session.exec(select(Environment.id)).all() == [other.environment_id]
    assert other.environment().phase == "ACTIVE"


def test_idempotency_keys_are_kept_for_a_day_at_least(database: Database) -> None:
    eager = Housekeeper(database, Retention(key_hours=0.1), seconds=3600)

    def used(session: Session, key: str) -> None:
        claim_key(session, request(key))

    with database.writing() as session:
        used(session, "old")
    age(database, timedelta(hours=25))
    with database.writing() as session:
        used(session, "new")
    age_by_hours = now() - timedelta(hours=23)
    with database.writing() as session:
        session.exec(update(IdempotencyKey).where(col(IdempotencyKey.key) == "new").values(created_at=age_by_hours))

    eager.clean()
    with database.reading() as session:
        assert session.exec(select(IdempotencyKey.key)).all() == ["new"]
