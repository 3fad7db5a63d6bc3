"""Carries an operation out: claims it, does the steps that are due, and parks or ends it.

A worker thread is held only while a step acts. What waits for a cluster is parked in the database, and the watch on
that cluster brings it back; so the number of threads says nothing about how many operations can wait.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import structlog

from jobs.context import StepContext
from jobs.errors import NotYet, Permanent, Transient
from jobs.guarded import guarded
from jobs.late_effects import take_away
from jobs.leases import Held, LeaseKeeper
from jobs.opened_secrets import opened_secrets
from jobs.plans import PLANS
from jobs.ports import Ports
from jobs.queue import Queue, Ring
from jobs.records import LeasedRecords
from jobs.references import environment_ref, service_ref
from jobs.retries import RetryPolicy
from jobs.walk import Stopped, Walk
from models.configuration import GitSource
from models.database import Database
from models.operations.ending import end
from models.operations.lease import LeaseLost, due
from models.operations.removals import removal_after
from models.operations.subject import Subject
from models.sealing import Sealer
from models.vocabulary import OperationKind, OperationStatus

log = structlog.get_logger("phaseline.runner")


class PortsOf(Protocol):
    """Gives the ports of a cluster by its name. Raises Permanent when there is no such cluster."""

    def __call__(self, cluster: str) -> Ports: ...


@dataclass(frozen=True)
class Runner:
    database: Database
    queue: Queue
    leases: LeaseKeeper
    ports_of: PortsOf
    sealer: Sealer
    retries: RetryPolicy
    #: Whether a failed update is followed by a rollback to what ran before.
    rollback_on_failure: bool = False

    def run(self, operation_id: str) -> None:
        """Goes on with the operation as far as it goes now. Returns at once if it is not ours to do."""
        with self.leases.holding(operation_id) as held:
            if held is None:
                return
            try:
                self._walk(held)
            except LeaseLost:
                log.info("lease lost", operation=operation_id)
                self._take_late_effects_away(held)
                return
        self.ring(held.subject)
        self._send_next(held.subject)

    def ring(self, subject: Subject) -> None:
        self.queue.ring(Ring(subject.environment.id, subject.environment.project_id, subject.operation.id))

    def _walk(self, held: Held) -> None:
        walk = Walk(
            database=self.database,
            held=held,
            plan=PLANS[held.subject.operation.kind],
            retries=self.retries,
            context_of=lambda subject: self._context(held, subject),
            changed=lambda: self.ring(held.subject),
            rollback_on_failure=self.rollback_on_failure,
        )
        try:
            walk.go()
        except Stopped:
            self._stop_build(held)
            with self.database.writing() as session:
                end(session, held.lease, OperationStatus.CANCELLED)

    def _stop_build(self, held: Held) -> None:
        """One try: nothing deploys what a cancelled build pushes, and its own deadline ends it in any case."""
        subject = held.subject
        if subject.configuration is None or not isinstance(subject.configuration.source, GitSource):
            return
        context = self._context(held, subject)
        try:
            context.ports.cluster.cancel_build(context.service, context.revision)
        except (NotYet, Permanent, Transient) as trouble:
            log.warning("the build could not be stopped", operation=subject.operation.id, reason=str(trouble))

    def _take_late_effects_away(self, held: Held) -> None:
        subject = held.subject
        with self.database.reading() as session:
            removal = removal_after(session, subject.operation)
        if removal is None:
            return
        log.warning("removing what came too late", operation=subject.operation.id, removed_by=removal.id)
        context = self._context(held, subject)
        of_all = removal.kind is OperationKind.DESTROY_ENVIRONMENT
        unguarded = self.ports_of(subject.environment.cluster)
        take_away(replace(context, ports=unguarded, service_or_none=None if of_all else context.service_or_none))

    def _send_next(self, subject: Subject) -> None:
        """What waited in this operation's lane can go on now."""
        with self.database.reading() as session:
            found = due(session, limit=20, environment_id=subject.environment.id)
        for operation_id in found:
            self.queue.send(operation_id)

    def _context(self, held: Held, subject: Subject) -> StepContext:
        operation, service = subject.operation, subject.service
        environment = environment_ref(subject.environment, subject.project, subject.installation)
        return StepContext(
            number=operation.number,
            environment=environment,
            ports=guarded(self.ports_of(subject.environment.cluster), held.guard),
            records=LeasedRecords(self.database, held.lease, operation.service_id),
            facts=operation.facts,
            service_or_none=service_ref(environment, service) if service else None,
            revision=operation.revision or 0,
            configuration_or_none=subject.configuration,
            cluster_abandoned=operation.abandon_cluster,
            open_secrets=lambda: self._open_secrets(subject),
        )

    def _open_secrets(self, subject: Subject) -> Mapping[str, str]:
        return opened_secrets(subject.configuration, self.sealer) if subject.configuration else {}
