"""What waits for a cluster holds nobody up: neither a thread nor its place in the queue."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from sqlmodel import col, func, select, update

from jobs.errors import NotYet
from jobs.runner import Runner
from jobs.sweeper import Bench, Sweeper
from models.database import Database
from models.operation import Facts, Operation, OperationStep
from models.vocabulary import OperationKind, OperationStatus, StepStatus
from tests.chaos.servers import await_true
from tests.jobs.scripted import World, raising
from tests.jobs.seeds import Seed, seed

ROLLOUTS = 100
THREADS = 2


class Alive:
    """Nobody dies here."""

    def announce(self, owner: str) -> None: ...

    def is_dead(self, owner: str) -> bool:
        return False


@contextmanager
def sweeping(runner: Runner, database: Database) -> Generator[None]:
    bench = Bench(runner.run, THREADS)
    sweeper = Sweeper(database, Alive(), "one", bench, lambda: None, seconds=0.05)
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
    world.always("cluster.check_rollout", raising(NotYet("0 of 2 pods", look_again=3600)))
    slow = [f"slow-{number}" for number in range(ROLLOUTS)]
    busy = seed(database, *slow, name="busy")
    for service in slow:
        busy.queue(OperationKind.UPDATE_SERVICE, service)
    with database.writing() as session:  # what comes before is done: it is not what this is about
        before = col(OperationStep.name).not_in(("rollout", "prune", "dns"))
        session.exec(update(OperationStep).where(before).values(status=StepStatus.SUCCEEDED))
        session.exec(update(Operation).values(facts=Facts(image="example.com/app:1")))

    with sweeping(runner_of("one"), database):
        await_true("all of them wait", lambda: waiting(database) == ROLLOUTS, 120)
        looks = world.count("cluster.check_rollout")
        removal = staging.queue(OperationKind.DELETE_SERVICE, "web")
        await_true("the delete ended", lambda: staging.operation(removal).status == OperationStatus.SUCCEEDED)

    assert waiting(database) == ROLLOUTS
    assert world.count("cluster.check_rollout") == looks
