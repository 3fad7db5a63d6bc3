"""The product's worker with a cluster, a zone and a store in which everything is done at once.

`dramatiq bench.sides.idle_worker:boot`
"""

from collections.abc import Callable
from unittest.mock import patch

from dramatiq.brokers.redis import RedisBroker

from jobs import worker
from jobs.ports import Ports
from tests.jobs.scripted import World


def boot() -> RedisBroker:
    ports = World().ports()

    def ports_of(_settings: object) -> Callable[[str], Ports]:
        return lambda _cluster: ports

    with patch.object(worker, "_PortsOf", ports_of):
        return worker.boot()
