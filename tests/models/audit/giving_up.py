"""What a worker does that gets no further."""

from models.operation import Failure
from models.operations.ending import end
from models.operations.lease import claim
from models.vocabulary import OperationStatus
from tests.jobs.seeds import Seed


def give_up(staging: Seed, operation_id: str) -> None:
    with staging.database.writing() as session:
        lease = claim(session, operation_id, "worker", 60)
        assert lease is not None
        end(session, lease, OperationStatus.FAILED, Failure(step="deploy", message="No."))
