"""A worker over scripted ports, beside a served API: it answers inquiries, and carries out what a test hands it."""

from collections.abc import Generator
from contextlib import closing, contextmanager

from jobs.inquiries import Inquiries
from jobs.leases import LeaseKeeper
from jobs.queue import Queue, connect
from jobs.retries import RetryPolicy
from jobs.runner import Runner
from models.installation import read_installation, redis_namespace
from tests.jobs.scripted import SilentQueue, World
from tests.repeating import repeating
from tests.resolvers.running_api import Api

#: How long the sweeper pauses, in seconds.
SWEEP_SECONDS = 0.02


def runner_for(api: Api, world: World, *, rollback_on_failure: bool = False) -> Runner:
    """Its leases last long and are not renewed."""
    leases = LeaseKeeper(api.database, "one", seconds=60, beat=1000)
    return Runner(
        api.database,
        SilentQueue(),
        leases,
        lambda cluster: world.ports(),
        api.sealer,
        RetryPolicy(3, 0.001, 0.001),
        rollback_on_failure=rollback_on_failure,
    )


@contextmanager
def answering(api: Api, redis_url: str, world: World) -> Generator[None]:
    """Sweeps for open inquiries until the end of the block, as every worker does."""
    with api.database.writing() as session:
        namespace = redis_namespace(read_installation(session))
    redis = connect(redis_url)
    inquiries = Inquiries(api.database, Queue(redis, namespace), lambda cluster: world.ports(), api.sealer)

    def sweep() -> None:
        inquiries.sweep(lambda inquiry_id: inquiries.answer(inquiry_id) is None)

    with closing(redis), repeating(sweep, SWEEP_SECONDS):
        yield
