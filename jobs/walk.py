"""Walks an operation's plan: does what can be done now, and writes every outcome down."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, select

from jobs.context import Done, Outcome, StepContext
from jobs.errors import Blocker, NotYet, Permanent, Transient, Unreachable
from jobs.plans.plan import Plan
from jobs.retries import RetryPolicy
from models.clock import database_clock
from models.database import Database
from models.operation import BlockerRecord, Failure, Operation, OperationStep
from models.operations.ending import end
from models.operations.lease import Lease, LeaseLost, hold
from models.operations.progress import Stopped, begin_step, end_step, park, retry_step, steps_in_order, wait_step
from models.vocabulary import OperationStatus, StepStatus

log = structlog.get_logger("phaseline.walk")

_OVER = frozenset({StepStatus.SUCCEEDED, StepStatus.SKIPPED})


@dataclass(frozen=True)
class _View:
    operation: Operation
    steps: dict[str, OperationStep]
    now: float


@dataclass(frozen=True)
class Walk:
    database: Database
    lease: Lease
    plan: Plan
    retries: RetryPolicy
    context_of: Callable[[], StepContext]
    #: Called after every visible change.
    changed: Callable[[], None]
    #: Whether a failed update is followed by a rollback to what ran before.
    rollback_on_failure: bool = False

    def go(self) -> None:
        """Does every step that is due, then parks the operation or ends it. Raises LeaseLost, Stopped."""
        view = self._view()
        looked: set[str] = set()
        while (name := self._next(view, looked)) is not None:
            looked.add(name)
            self._do(name)
            self.changed()
            wakes = view.operation.wakes
            view = self._view()
            if view.operation.wakes != wakes:  # what we waited for may have happened meanwhile
                looked.clear()
        self._conclude(view)

    def _view(self) -> _View:
        with self.database.writing() as session:
            operation = hold(session, self.lease)
            if operation.status is OperationStatus.CANCELLING:
                raise Stopped(operation.id)
            steps = {step.name: step for step in steps_in_order(session, operation.id)}
            return _View(operation, steps, _clock(session))

    def _next(self, view: _View, looked: set[str]) -> str | None:
        """The first step that is due and whose needs are over."""
        for name, step in view.steps.items():
            due = step.status is StepStatus.PENDING or (
                name not in looked and (step.waiting or _due_again(step, view.now))
            )
            if due and name not in looked and self._ready(name, view.steps):
                return name
        return None

    def _ready(self, name: str, steps: dict[str, OperationStep]) -> bool:
        """Whether its needs are over; one that this operation does not have stands for its own needs."""
        return all(
            steps[need].status in _OVER if need in steps else self._ready(need, steps) for need in self.plan[name].needs
        )

    def _do(self, name: str) -> None:
        with self.database.writing() as session:
            attempts = begin_step(session, self.lease, name).attempts
        self.changed()
        if attempts > self.retries.max_attempts:
            # a kill raises nothing: what kills its worker each time is counted here
            self._end(name, StepStatus.FAILED, f"Gave up: {attempts - 1} workers died or stopped in this step.")
            return
        try:
            outcome = self._run(name)
        except NotYet as not_yet:
            self._wait(name, not_yet)
        except Permanent as permanent:
            self._end(name, StepStatus.FAILED, permanent.message, permanent.blockers)
        except Transient as transient:
            self._retry(name, attempts, transient)
        else:
            self._succeed(name, outcome)

    def _run(self, name: str) -> Outcome:
        try:
            return self.plan[name].run(self.context_of())
        except (LeaseLost, Stopped, NotYet, Permanent, Transient):
            raise
        except SQLAlchemyError as error:
            raise Transient("The database could not be reached.") from error
        except Exception as error:  # a defect of ours: the step is tried again, and gives up in the end
            reference = secrets.token_hex(6)
            log.exception("step raised", step=name, operation=self.lease.operation_id, reference=reference)
            raise Transient(f"Unexpected error; the workers' log has it as {reference}.") from error

    def _succeed(self, name: str, outcome: Outcome) -> None:
        with self.database.writing() as session:
            if isinstance(outcome, Done):
                end_step(
                    session,
                    self.lease,
                    name,
                    StepStatus.SUCCEEDED,
                    message=outcome.message,
                    facts=outcome.facts,
                    done=outcome.count,
                )
            else:
                left = _records(outcome.left)
                end_step(session, self.lease, name, StepStatus.SKIPPED, message=outcome.message, blockers=left)

    def _wait(self, name: str, not_yet: NotYet) -> None:
        with self.database.writing() as session:
            still = wait_step(
                session,
                self.lease,
                name,
                message=not_yet.reason,
                blockers=_records(not_yet.blockers),
                done=not_yet.done,
                total=not_yet.total,
                left=not_yet.left,
                seconds=not_yet.look_again,
            )
        if still > self.retries.patience and not self.plan[name].own_deadline:
            message = f"Nothing has moved for {still:.0f} s: {not_yet.reason}"
            self._end(name, StepStatus.FAILED, message, not_yet.blockers)

    def _retry(self, name: str, attempts: int, transient: Transient) -> None:
        if attempts >= self.retries.max_attempts:
            message = f"Gave up after {attempts} attempts: {transient.message}"
            self._end(name, StepStatus.FAILED, message, transient.blockers)
            return
        seconds = self.retries.wait(attempts, transient.retry_after)
        message = f"{transient.message} Trying again in {seconds:.0f} s (attempt {attempts + 1})."
        with self.database.writing() as session:
            blockers = _records(transient.blockers)
            silent = isinstance(transient, Unreachable)
            retry_step(
                session,
                self.lease,
                name,
                message=message,
                blockers=blockers,
                seconds=seconds,
                cluster_silent=silent,
            )

    def _end(self, name: str, status: StepStatus, message: str, blockers: Sequence[Blocker] = ()) -> None:
        with self.database.writing() as session:
            end_step(session, self.lease, name, status, message=message, blockers=_records(blockers))

    def _conclude(self, view: _View) -> None:
        steps = view.steps.values()
        with self.database.writing() as session:
            if any(step.status in (StepStatus.RUNNING, StepStatus.RETRYING) for step in steps):
                park(session, self.lease, view.operation.wakes)
                return
            failed = next((step for step in steps if step.status is StepStatus.FAILED), None)
            if failed is None:
                end(session, self.lease, OperationStatus.SUCCEEDED)
                return
            blockers = [blocker for step in steps for blocker in step.blockers if step.status is StepStatus.FAILED]
            failure = Failure(step=failed.name, message=failed.message or "", blockers=blockers)
            end(
                session,
                self.lease,
                OperationStatus.FAILED,
                failure,
                rollback_on_failure=self.rollback_on_failure,
            )


def _due_again(step: OperationStep, now: float) -> bool:
    """RETRYING and its time has come, or RUNNING when its worker died."""
    return step.status in (StepStatus.RETRYING, StepStatus.RUNNING) and step.try_at <= now


def _clock(session: Session) -> float:
    return session.exec(select(database_clock())).one()


def _records(blockers: Sequence[Blocker]) -> list[BlockerRecord]:
    return [BlockerRecord(kind=b.kind, name=b.name, reason=b.reason) for b in blockers]
