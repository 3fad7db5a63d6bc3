"""A worker's core over scripted ports."""

from collections.abc import Callable

import pytest

from jobs.leases import LeaseKeeper
from jobs.retries import RetryPolicy
from jobs.runner import Runner
from models.database import Database
from models.sealing import Sealer
from tests.jobs.scripted import SilentQueue, World
from tests.jobs.seeds import Seed, seed


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def runner_of(database: Database, world: World) -> Callable[[str], Runner]:
    """Makes a worker's runner by its name. Its leases last long and are not renewed."""

    def make(owner: str) -> Runner:
        leases = LeaseKeeper(database, owner, seconds=60, beat=1000)
        ports = world.ports()
        sealer = Sealer("LVNlY3JldHMtZm9yLXRlc3RzLTMyLWJ5dGVzLWxvbmc=")
        return Runner(database, SilentQueue(), leases, lambda cluster: ports, sealer, RetryPolicy(3, 0.001, 0.001))

    return make


@pytest.fixture
def runner(runner_of: Callable[[str], Runner]) -> Runner:
    return runner_of("one")


@pytest.fixture
def staging(database: Database) -> Seed:
    return seed(database, "web", "api")
