"""What the product runs on in a run: Redis, a database, Kubernetes and AWS, each behind something that can spoil it."""

import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from embedded import aws, kubernetes
from embedded.aws import RunningAws
from embedded.kubernetes import RunningKubernetes
from models.database import Database, open_database
from models.migrate import upgrade
from models.sealing import generate_key
from tests.chaos.relay import Relay
from tests.jobs.adapters.kubernetes.kubeconfigs import kubeconfig
from tests.jobs.adapters.proxy import FaultProxy, fault_proxy
from tests.postgresql import Postgresql
from tests.redis_server import RedisServer

T = TypeVar("T")

DOMAIN = "chaos.test"
ADDRESS = "192.0.2.1"


@dataclass(frozen=True)
class Servers:
    folder: Path
    redis: RedisServer
    relay: Relay
    database: Database
    postgresql: Postgresql | None
    kubernetes: RunningKubernetes
    cluster_proxy: FaultProxy
    aws: RunningAws
    aws_proxy: FaultProxy
    #: What the processes of the product are told.
    environment: dict[str, str]

    @property
    def full_disk(self) -> Path:
        """While this file is there, the database's disk is full."""
        return self.folder / "disk is full"


def anything(_request: object) -> str:
    """The name of every request: faults strike whatever comes next."""
    return "anything"


@contextmanager
def running_servers(folder: Path, kind: str) -> Generator[Servers]:
    """`kind`: sqlite or postgresql."""
    with ExitStack() as stack:
        redis = RedisServer(folder / "redis")
        stack.callback(redis.stop)
        cluster = kubernetes.start(folder / "kubernetes")
        stack.callback(cluster.stop)
        cloud = aws.start(folder / "aws", DOMAIN)
        stack.callback(cloud.stop)
        server = Postgresql() if kind == "postgresql" else None
        if server is not None:
            stack.callback(server.stop)
        url = server.new_database() if server else f"sqlite:///{folder / 'phaseline.db'}"
        database = open_database(url)
        stack.callback(database.close)
        upgrade(database)
        address = urlsplit(redis.url)
        relay = Relay(address.hostname or "", address.port or 0)
        stack.callback(relay.close)
        cluster_proxy = stack.enter_context(fault_proxy(cluster.url, anything, cluster.authority))
        aws_proxy = stack.enter_context(fault_proxy(cloud.url, anything))
        config = kubeconfig(folder / "kubeconfig", cluster_proxy.url, {"token": cluster.token})
        environment = {
            **cloud.environment,
            "AWS_ENDPOINT_URL": aws_proxy.url,
            "CHAOS_FOLDER": str(folder),
            "CLUSTERS": f'{{"local": {{"ingress_address": "{ADDRESS}"}}}}',
            "DATABASE_URL": url,
            "FIRST_RETRY_SECONDS": "0.2",
            "KUBECONFIG": str(config),
            "LIMITS__MUTATIONS_PER_MINUTE": "100000",
            "LONGEST_RETRY_SECONDS": "3",
            "PYTHONUNBUFFERED": "1",
            "REDIS_URL": redis.url.replace(f":{address.port}/", f":{relay.port}/"),
            "SECRETS_KEY": generate_key(),
        }
        yield Servers(folder, redis, relay, database, server, cluster, cluster_proxy, cloud, aws_proxy, environment)


def await_true(what: str, condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Returns when it is so. Fails after `seconds`."""
    ends = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > ends:
            raise AssertionError(f"not so after {seconds:.0f} s: {what}")
        time.sleep(0.05)


def patiently(look: Callable[[], T], seconds: float = 60.0) -> T:
    """Looks again while the database is away. Raises SQLAlchemyError when it stays away."""
    ends = time.monotonic() + seconds
    while True:
        try:
            return look()
        except SQLAlchemyError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.2)
