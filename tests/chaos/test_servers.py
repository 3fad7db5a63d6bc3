"""Whatever the product runs on misbehaves in each way once, while services are changed."""

import random
from collections import Counter

import pytest

from tests.chaos.conftest import Product
from tests.chaos.faults import SPOILT, Struggle, faults_of
from tests.chaos.takeover import Takeovers

#: Seconds; a busy machine is slow, and nothing here is about that.
pytestmark = pytest.mark.timeout(900)


class Strikes:
    """The faults that have struck, and what they strike."""

    def __init__(self, product: Product) -> None:
        self.struck = Counter[str]()
        self._product = product
        self._faults = faults_of("postgresql" if product.servers.postgresql else "sqlite")
        #: Of Redis, the database and its disk.
        self.of_servers = [name for name in self._faults if name.split()[0] in ("redis", "postgresql", "disk")]

    def strike(self, name: str) -> None:
        servers, points = self._product.servers, self._product.points
        takeovers = Takeovers(servers.database)
        _, fault = self._faults[name]
        fault(Struggle(servers, self._product.fleet, points, takeovers, random.Random(1), self._count))

    def _count(self, name: str) -> None:
        self.struck[name] += 1


def test_redis_and_the_database_misbehave(product: Product) -> None:
    told, strikes = product.tell(), Strikes(product)

    for fault in strikes.of_servers:
        told.story.update("web")
        strikes.strike(fault)
        told.story.update("api")
        told.story.settle()

    assert set(strikes.struck) == set(strikes.of_servers)
    assert len(strikes.struck) == (6 if product.servers.postgresql else 5)
    told.check_running()
    told.story.destroy()
    told.check_destroyed()


def test_the_cluster_and_the_cloud_misbehave(product: Product) -> None:
    """The database has no part in it: each is there for half of the faults."""
    first = 1 if product.servers.postgresql else 0
    for fault in tuple(SPOILT)[first::2]:
        told, strikes = product.tell(), Strikes(product)

        strikes.strike(f"kubernetes {fault}")
        told.story.update("web")
        told.check_running()
        strikes.strike(f"aws {fault}")
        told.story.destroy()

        assert set(strikes.struck) == {f"kubernetes {fault}", f"aws {fault}"}
        told.check_destroyed()
