"""What waits for a cluster holds nobody up: neither a thread nor its place in the queue."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from sqlmodel import col, func, select

from jobs.errors import NotYet
from jobs.runner import Runner
from jobs.sweeper import Bench, Sweeper
from models.database import Database
from models.operation import Operation, OperationStep
from models.operations.liveness import liveness_of
from models.vocabulary import OperationKind, OperationStatus
from tests.chaos.servers import await_true
from tests.jobs.scripted import World, raising
from tests.jobs.seeds import Seed, seed

ROLLOUTS = 100
THREADS = 2


@contextmanager
def sweeping(runner: Runner, database: Database) -> Generator[None]:
    bench = Bench(runner.run, THREADS)
    sweeper = Sweeper(database, liveness_of(database), "one", bench, lambda: None, seconds=0.05)
    sweeper.start()
    try:
        yield
    finally:
        sweeper.stop()
        bench.stop()


def waiting(database: Database) -> int:
    """Operations that wait for their cluster while no worker has them."""
    statement = (
        select(func.count(col(Operation.id)))
        .join(OperationStep, col(OperationStep.operation_id) == col(Operation.id))
        .where(col(Operation.owner).is_(None), OperationStep.name == "rollout", col(OperationStep.waiting))
    )
    with database.reading() as session:
        return session.exec(statement).one()


def test_a_hundred_waiting_rollouts_do_not_hold_up_a_small_delete(
    runner_of: Callable[[str], Runner], database: Database, world: World, staging: Seed
) -> None:
    world.always("cluster.check_rollout", raising(NotYet("0 of 2 pods")))
    others = [seed(database, "web", name=f"slow-{number}") for number in range(ROLLOUTS)]
    for other in others:
        other.queue(OperationKind.UPDATE_SERVICE, "web")

    with sweeping(runner_of("one"), database):
        await_true("all of them wait", lambda: waiting(database) == ROLLOUTS, 120)
        looks = world.count("cluster.check_rollout")
        removal = staging.queue(OperationKind.DELETE_SERVICE, "web")
        await_true("the delete ended", lambda: staging.operation(removal).status == OperationStatus.SUCCEEDED)

    assert waiting(database) == ROLLOUTS
    assert world.count("cluster.check_rollout") < looks + ROLLOUTS  # nobody looked at all of them in between
