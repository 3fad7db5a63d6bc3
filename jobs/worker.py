"""The worker process: `dramatiq jobs.worker:boot`.

`boot` builds the broker, binds the actors and makes the project's only `set_broker` call. Besides dramatiq's threads a
worker has one that keeps its leases, one that sweeps, and two a cluster: one watches, one looks at health.
"""

import functools
import gc
import os
import secrets
import socket
from dataclasses import dataclass

import dramatiq
import structlog
from dramatiq.brokers.redis import RedisBroker

from jobs.adapters.aws import aws_clients
from jobs.adapters.kubernetes.cluster import KubernetesCluster
from jobs.adapters.kubernetes.connect import connect as connect_cluster
from jobs.adapters.route53 import Route53Zone
from jobs.adapters.secrets_manager import SecretsManagerStore
from jobs.defects import end_with_any_thread, threads_may_end
from jobs.errors import Permanent
from jobs.housekeeping import Housekeeper
from jobs.inquiries import Inquiries
from jobs.leases import LeaseKeeper
from jobs.ports import Ports
from jobs.queue import ANSWER, CARRY_OUT, QUEUE, Queue, connect, make_broker
from jobs.reconciler import Reconciler
from jobs.retries import RetryPolicy
from jobs.runner import Runner
from jobs.settings import WorkerSettings
from jobs.sweeper import Bench, Sweeper
from jobs.watching import ClusterWatch, Waker
from models.database import Database, open_database
from models.installation import forget_clock_of_last_boot, read_installation, redis_namespace
from models.logs import configure_logs
from models.operations.liveness import liveness_of
from models.retention import Retention
from models.sealing import Sealer

#: Inquiries that this process answers at once besides those that dramatiq brings.
ANSWER_THREADS = 2

log = structlog.get_logger("phaseline.worker")


@dataclass(frozen=True)
class Worker:
    """Everything that one worker process runs."""

    runner: Runner
    inquiries: Inquiries
    leases: LeaseKeeper
    sweeper: Sweeper
    benches: tuple[Bench, ...]
    housekeeper: Housekeeper
    waker: Waker
    reconcilers: tuple[Reconciler, ...]
    watches: tuple[ClusterWatch, ...]

    def start(self) -> None:
        self.leases.start()
        self.sweeper.start()
        self.housekeeper.start()
        self.waker.start()
        for thread in (*self.reconcilers, *self.watches):
            thread.start()

    def stop(self) -> None:
        """Hands every lease back; others go on at once."""
        for thread in (*self.watches, *self.reconcilers):
            thread.stop()
        self.waker.stop()
        self.sweeper.stop()
        self.housekeeper.stop()
        freed = self.leases.stop()
        for bench in self.benches:
            bench.stop()
        for operation_id in freed:
            self.runner.queue.send(operation_id)
        for reconciler in self.reconcilers:
            reconciler.join(1.0)


class _Lifecycle(dramatiq.Middleware):
    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def after_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        end_with_any_thread()
        self._worker.start()

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        threads_may_end()
        self._worker.stop()


def boot() -> RedisBroker:
    """Called by dramatiq's command line in every worker process. Raises pydantic's ValidationError for settings."""
    settings = WorkerSettings()  # pyright: ignore[reportCallIssue]
    configure_logs(settings.log_level, settings.log_format)
    database = open_database(settings.database_url)
    with database.writing() as session:
        forget_clock_of_last_boot(session)
        namespace = redis_namespace(read_installation(session))
    worker = make_worker(settings, database, namespace)
    broker = make_broker(connect(settings.redis_url), namespace)
    broker.add_middleware(_Lifecycle(worker))
    dramatiq.set_broker(broker)
    dramatiq.actor(actor_name=CARRY_OUT, queue_name=QUEUE, broker=broker)(worker.runner.run)
    dramatiq.actor(actor_name=ANSWER, queue_name=QUEUE, broker=broker)(worker.inquiries.answer)
    gc.freeze()  # what is there by now stays: no collection has to go through it
    return broker


def make_worker(settings: WorkerSettings, database: Database, namespace: str) -> Worker:
    owner = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    queue = Queue(connect(settings.redis_url), namespace)
    leases = LeaseKeeper(database, owner, seconds=settings.lease_seconds, beat=settings.heartbeat_seconds)
    ports_of = functools.cache(_PortsOf(settings))
    retries = RetryPolicy(
        settings.max_attempts,
        settings.first_retry_seconds,
        settings.longest_retry_seconds,
        settings.patience_seconds,
    )
    sealer = Sealer(settings.secrets_key.get_secret_value())
    runner = Runner(database, queue, leases, ports_of, sealer, retries, settings.rollback_on_failure)
    inquiries = Inquiries(database, queue, ports_of, sealer)
    bench = Bench(runner.run, settings.worker_threads)
    answers = Bench(inquiries.answer, ANSWER_THREADS, "answers")
    sweeper = Sweeper(
        database,
        liveness_of(database),
        owner,
        bench,
        lambda: inquiries.sweep(answers.offer),
        seconds=settings.sweep_seconds,
    )
    retention = Retention(settings.retention_days, settings.retained_releases, settings.idempotency_key_hours)
    housekeeper = Housekeeper(database, retention, seconds=settings.housekeeping_seconds)
    waker = Waker(database, bench.offer)
    reconcilers = tuple(
        Reconciler(database, name, ports_of, sealer, seconds=settings.reconcile_seconds) for name in settings.clusters
    )
    watches = tuple(
        ClusterWatch(name, ports_of(name).cluster, waker.changed, reconciler.changed)
        for name, reconciler in zip(settings.clusters, reconcilers, strict=True)
    )
    return Worker(runner, inquiries, leases, sweeper, (bench, answers), housekeeper, waker, reconcilers, watches)


class _PortsOf:
    """Makes the adapters of each cluster once; the clients of the cloud are shared."""

    def __init__(self, settings: WorkerSettings) -> None:
        self._settings = settings
        clients = aws_clients(settings.aws_endpoint_url, settings.aws_region)
        self._dns = Route53Zone(clients.route53)
        self._secrets = SecretsManagerStore(clients.secrets, settings.secret_recovery_days or None)

    def __call__(self, cluster: str) -> Ports:
        known = self._settings.clusters
        if cluster not in known:
            raise Permanent(f"This worker knows no cluster {cluster!r}. Set CLUSTERS; known: {', '.join(known)}.")
        its = known[cluster]
        api = connect_cluster(self._settings.kubeconfig, its.context, its.calls)
        return Ports(KubernetesCluster(api, its.builds), self._dns, self._secrets, its.ingress_address)
