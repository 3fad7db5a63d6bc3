"""Walks an operation's plan: does what can be done now, and writes every outcome down."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import SQLAlchemyError

from jobs.context import Done, Outcome, Skipped, StepContext
from jobs.errors import Blocker, NotYet, Permanent, Transient, Unreachable
from jobs.leases import Held
from jobs.plans.plan import Plan
from jobs.retries import RetryPolicy
from models.database import Database
from models.environment import Environment
from models.operation import BlockerRecord, Failure, OperationStep
from models.operations.ending import end
from models.operations.lease import LeaseLost
from models.operations.progress import Progress, tell_of_cluster
from models.operations.subject import Subject
from models.vocabulary import OperationStatus, StepStatus

log = structlog.get_logger("phaseline.walk")

_OVER = frozenset({StepStatus.SUCCEEDED, StepStatus.SKIPPED})


class Stopped(Exception):
    """Somebody asked the operation to stop: it does so before its next step."""


#: How a step went.
_Went = Outcome | NotYet | Permanent | Transient


@dataclass(frozen=True)
class _Step:
    """A step that has been begun."""

    name: str
    attempts: int
    #: What it is about, now.
    subject: Subject


@dataclass(frozen=True)
class Walk:
    database: Database
    held: Held
    plan: Plan
    retries: RetryPolicy
    context_of: Callable[[Subject], StepContext]
    #: Called after every visible change.
    changed: Callable[[], None]
    #: Whether a failed update is followed by a rollback to what ran before.
    rollback_on_failure: bool = False
    #: The steps that were looked at since anything moved outside.
    _looked: set[str] = field(default_factory=set[str])

    def go(self) -> None:
        """Does every step that is due, then parks the operation or ends it. Raises LeaseLost, Stopped."""
        progress, step = self._begin()
        while step is not None:
            self.held.renewed(progress.renewed_at)
            self.changed()
            progress, step = self._go_on(progress, step, self._run(step))
        if progress.stopping:
            raise Stopped(self.held.lease.operation_id)
        if not progress.under_way:
            self._conclude(progress)

    def _begin(self) -> tuple[Progress, _Step | None]:
        with self.database.writing() as session:
            progress = Progress(session, self.held.lease)
            return progress, self._move(progress, self.held.subject.environment)

    def _go_on(self, before: Progress, step: _Step, went: _Went) -> tuple[Progress, _Step | None]:
        """In one transaction: who dies has both written down how a step went and begun the next, or neither."""
        with self.database.writing() as session:
            environment = session.get_one(Environment, self.held.lease.environment_id)
            if (silent := _cluster_is_silent(went)) is not None:
                tell_of_cluster(session, environment, silent=silent)
            progress = Progress(session, self.held.lease)
            self._write_down(progress, step, went)
            if progress.operation.wakes != before.operation.wakes:  # what we waited for may have happened meanwhile
                self._looked.clear()
            return progress, self._move(progress, environment)

    def _move(self, progress: Progress, environment: Environment) -> _Step | None:
        """Begins the next step that is due. Where there is none, but others are under way, parks the operation."""
        if progress.stopping:
            return None
        while (name := self._next(progress)) is not None:
            self._looked.add(name)
            attempts = progress.begin(name).attempts
            if attempts <= self.retries.max_attempts:
                return _Step(name, attempts, self.held.subject.as_of(progress.operation, environment))
            # a kill raises nothing: what kills its worker each time is counted here
            message = f"Gave up: {attempts - 1} workers died or stopped in this step."
            progress.end(name, StepStatus.FAILED, message=message)
        if progress.under_way:
            progress.park()
        return None

    def _next(self, progress: Progress) -> str | None:
        """The first step that is due and whose needs are over."""
        for name, step in progress.steps.items():
            due = step.status is StepStatus.PENDING or step.waiting or _due_again(step, progress.now)
            if due and name not in self._looked and self._ready(name, progress):
                return name
        return None

    def _ready(self, name: str, progress: Progress) -> bool:
        """Whether its needs are over; one that this operation does not have stands for its own needs."""
        steps = progress.steps
        return all(
            steps[need].status in _OVER if need in steps else self._ready(need, progress)
            for need in self.plan[name].needs
        )

    def _run(self, step: _Step) -> _Went:
        """Raises LeaseLost."""
        try:
            return self.plan[step.name].run(self.context_of(step.subject))
        except LeaseLost:
            raise
        except (NotYet, Permanent, Transient) as went:
            return went
        except SQLAlchemyError:
            return Transient("The database could not be reached.")
        except Exception:  # a defect of ours: the step is tried again, and gives up in the end
            reference = secrets.token_hex(6)
            log.exception("step raised", step=step.name, operation=self.held.lease.operation_id, reference=reference)
            return Transient(f"Unexpected error; the workers' log has it as {reference}.")

    def _write_down(self, progress: Progress, step: _Step, went: _Went) -> None:
        match went:
            case Done(message, count, facts):
                progress.end(step.name, StepStatus.SUCCEEDED, message=message, facts=facts, done=count)
            case Skipped(message, left):
                progress.end(step.name, StepStatus.SKIPPED, message=message, blockers=_records(left))
            case NotYet():
                self._wait(progress, step, went)
            case Permanent():
                _fail(progress, step, went.message, went.blockers)
            case _:
                self._retry(progress, step, went)

    def _wait(self, progress: Progress, step: _Step, not_yet: NotYet) -> None:
        still = progress.wait(
            step.name,
            message=not_yet.reason,
            blockers=_records(not_yet.blockers),
            done=not_yet.done,
            total=not_yet.total,
            left=not_yet.left,
            seconds=not_yet.look_again,
        )
        if still > self.retries.patience and not self.plan[step.name].own_deadline:
            message = f"Nothing has moved for {still:.0f} s: {not_yet.reason}"
            _fail(progress, step, message, not_yet.blockers)

    def _retry(self, progress: Progress, step: _Step, transient: Transient) -> None:
        if step.attempts >= self.retries.max_attempts:
            message = f"Gave up after {step.attempts} attempts: {transient.message}"
            _fail(progress, step, message, transient.blockers)
            return
        seconds = self.retries.wait(step.attempts, transient.retry_after)
        message = f"{transient.message} Trying again in {seconds:.0f} s (attempt {step.attempts + 1})."
        progress.retry(step.name, message=message, blockers=_records(transient.blockers), seconds=seconds)

    def _conclude(self, progress: Progress) -> None:
        failed = [step for step in progress.steps.values() if step.status is StepStatus.FAILED]
        with self.database.writing() as session:
            if not failed:
                end(session, self.held.lease, OperationStatus.SUCCEEDED)
                return
            blockers = [blocker for step in failed for blocker in step.blockers]
            failure = Failure(step=failed[0].name, message=failed[0].message or "", blockers=blockers)
            end(
                session,
                self.held.lease,
                OperationStatus.FAILED,
                failure,
                rollback_on_failure=self.rollback_on_failure,
            )


def _cluster_is_silent(went: _Went | None) -> bool | None:
    """None where nothing says so."""
    match went:
        case Done() | Skipped():
            return False
        case Transient():
            return isinstance(went, Unreachable)
        case _:
            return None


def _fail(progress: Progress, step: _Step, message: str, blockers: Sequence[Blocker]) -> None:
    progress.end(step.name, StepStatus.FAILED, message=message, blockers=_records(blockers))


def _due_again(step: OperationStep, now: float) -> bool:
    """RETRYING and its time has come, or RUNNING when its worker died."""
    return step.status in (StepStatus.RETRYING, StepStatus.RUNNING) and step.try_at <= now


def _records(blockers: Sequence[Blocker]) -> list[BlockerRecord]:
    return [BlockerRecord(kind=b.kind, name=b.name, reason=b.reason) for b in blockers]
