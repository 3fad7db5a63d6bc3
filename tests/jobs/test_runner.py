"""The life of an operation, from its claim to its end."""

import threading
from collections.abc import Callable

import pytest
from sqlmodel import select

from jobs.errors import Blocker, NotYet, Permanent, Transient
from jobs.ports import Inventory, ObjectRef, PartlyKnown
from jobs.runner import Runner
from models.clock import database_clock
from models.configuration import GitSource, ServiceConfiguration
from models.database import Database
from models.mutations.cancel_operation import cancel_operation
from models.mutations.destroy_environment import destroy_environment
from models.mutations.retry_operation import retry_operation
from models.operation import Operation, OperationStep
from models.operations.lease import LeaseLost, claim, due, hold, wake
from models.refusals import OperationNotCancellable, OperationNotRetryable, PhaseConflict
from models.vocabulary import OperationKind, OperationStatus, ServiceStatus, StepStatus
from tests.jobs.scripted import SilentQueue, World, raising
from tests.jobs.seeds import Seed, request, seed

UPDATE = OperationKind.UPDATE_SERVICE


def destroy(staging: Seed, key: str | None = None) -> str:
    with staging.database.writing() as session:
        asked = request(key)
        return destroy_environment(
            session, asked, environment_id=staging.environment_id, confirm_name="staging"
        ).operation.id


def test_an_update_goes_through_all_its_steps(runner: Runner, staging: Seed, world: World) -> None:
    operation_id = staging.queue(UPDATE, "web")

    runner.run(operation_id)

    assert staging.operation(operation_id).status is OperationStatus.SUCCEEDED
    assert [step.status for step in staging.steps(operation_id).values()].count(StepStatus.PENDING) == 0
    assert world.calls.index("cluster.apply") < world.calls.index("cluster.check_rollout")
    assert world.calls.index("cluster.check_rollout") < world.calls.index("cluster.prune")
    assert "cluster.build" not in world.calls
    assert staging.phases() == ["INITIALIZING", "ACTIVE", "UPDATING", "ACTIVE"]


def test_an_ended_operation_is_not_done_again(runner: Runner, staging: Seed, world: World) -> None:
    operation_id = staging.queue(UPDATE, "web")
    runner.run(operation_id)
    calls = len(world.calls)

    runner.run(operation_id)

    assert len(world.calls) == calls
    assert staging.phases()[-1] == "ACTIVE"


def test_waiting_parks_and_costs_no_attempt(runner: Runner, staging: Seed, world: World) -> None:
    operation_id = staging.queue(UPDATE, "web")
    world.then("cluster.check_rollout", *[raising(NotYet("1 of 2 pods", done=1, total=2))] * 2)

    runner.run(operation_id)
    parked = staging.operation(operation_id)
    assert parked.status is OperationStatus.RUNNING
    assert parked.owner is None
    step = staging.steps(operation_id)["rollout"]
    assert (step.status, step.attempts, step.done, step.total) == (StepStatus.RUNNING, 1, 1, 2)

    runner.run(operation_id)  # nobody woke it: too early
    assert world.count("cluster.check_rollout") == 1

    for _ in range(2):
        with staging.database.writing() as session:
            assert wake(session, staging.environment_id, staging.service_ids["web"]) == [operation_id]
        runner.run(operation_id)
    assert staging.operation(operation_id).status is OperationStatus.SUCCEEDED
    assert staging.steps(operation_id)["rollout"].attempts == 1
    assert world.count("cluster.apply") == 1


def test_an_event_between_the_look_and_the_parking_is_not_lost(runner: Runner, staging: Seed, world: World) -> None:
    operation_id = staging.queue(UPDATE, "web")

    def not_yet_but_moves() -> None:
        with staging.database.writing() as session:
            wake(session, staging.environment_id)
        raise NotYet("looked just before it happened")

    world.then("cluster.check_rollout", not_yet_but_moves)
    runner.run(operation_id)

    assert staging.operation(operation_id).status is OperationStatus.SUCCEEDED


def test_a_passing_fault_is_retried_with_its_reason_shown(runner: Runner, staging: Seed, world: World) -> None:
    operation_id = staging.queue(UPDATE, "web")
    world.then("cluster.apply", raising(Transient("503 from the API server", retry_after=1000)))

    runner.run(operation_id)

    step = staging.steps(operation_id)["deploy"]
    assert step.status is StepStatus.RETRYING
    assert "503 from the API server" in (step.message or "")
    with staging.database.writing() as session:
        wake(session, staging.environment_id)
    runner.run(operation_id)  # an event does not shorten a backoff
    assert world.count("cluster.apply") == 1


def test_a_backoff_and_its_attempts_outlive_the_worker(
    runner_of: Callable[[str], Runner], staging: Seed, world: World
) -> None:
    operation_id = staging.queue(UPDATE, "web")
    world.then("cluster.apply", raising(Transient("429", retry_after=1000)), raising(Transient("503")))
    runner_of("one").run(operation_id)
    told = staging.steps(operation_id)["deploy"]

    runner_of("started anew").run(operation_id)
    assert staging.steps(operation_id)["deploy"] == told
    assert world.count("cluster.apply") == 1

    with staging.database.writing() as session:
        session.get_one(Operation, operation_id).wake_at = 0
        session.get_one(OperationStep, (operation_id, told.position)).try_at = 0
    runner_of("another").run(operation_id)
    assert staging.steps(operation_id)["deploy"].attempts == 2


def test_attempts_are_limited(runner: Runner, staging: Seed, world: World) -> None:
    operation_id = staging.queue(UPDATE, "web")
    world.always("cluster.apply", raising(Transient("timeout")))

    for _ in range(20):
        with staging.database.writing() as session:
            wake(session, staging.environment_id)
        runner.run(operation_id)

    operation = staging.operation(operation_id)
    assert operation.status is OperationStatus.FAILED
    assert operation.failure is not None
    assert "Gave up after 3 attempts" in operation.failure.message
    assert world.count("cluster.apply") == 3
    assert "cluster.check_rollout" not in world.calls
    assert staging.phases()[-1] == "ERROR"


def test_an_unexpected_error_is_masked(runner: Runner, staging: Seed, world: World) -> None:
    operation_id = staging.queue(UPDATE, "web")
    world.then("cluster.apply", raising(RuntimeError("password=hunter2")))

    runner.run(operation_id)

    message = staging.steps(operation_id)["deploy"].message or ""
    assert "hunter2" not in message
    assert "log has it as" in message


def test_a_retry_goes_on_at_the_failed_step(runner: Runner, staging: Seed, world: World) -> None:
    operation_id = staging.queue(UPDATE, "web")
    world.then("cluster.check_rollout", raising(Permanent("ImagePullBackOff")))
    runner.run(operation_id)
    service = staging.service("web")
    assert service is not None
    assert service.status is ServiceStatus.FAILED
    assert "ImagePullBackOff" in (service.status_reason or "")

    with staging.database.writing() as session:
        retry_operation(session, request(), operation_id=operation_id)
    runner.run(operation_id)

    assert staging.operation(operation_id).status is OperationStatus.SUCCEEDED
    assert world.count("cluster.apply") == 1
    assert staging.phases() == ["INITIALIZING", "ACTIVE", "UPDATING", "ERROR", "UPDATING", "ACTIVE"]


def test_what_was_overtaken_is_not_retried(runner: Runner, staging: Seed, world: World) -> None:
    older = staging.queue(UPDATE, "web")
    world.then("cluster.apply", raising(Permanent("no")))
    runner.run(older)
    newer = staging.queue(UPDATE, "web")

    with staging.database.writing() as session, pytest.raises(OperationNotRetryable, match=newer):
        retry_operation(session, request(), operation_id=older)


def test_one_service_one_after_the_other_and_two_side_by_side(runner: Runner, staging: Seed) -> None:
    first = staging.queue(OperationKind.ADD_SERVICE, "web")
    second = staging.queue(UPDATE, "web")
    other = staging.queue(UPDATE, "api")

    with staging.database.reading() as session:
        assert sorted(due(session, 10)) == sorted([first, other])
    runner.run(second)
    assert staging.operation(second).status is OperationStatus.QUEUED
    runner.run(first)
    assert isinstance(runner.queue, SilentQueue)
    assert second in runner.queue.sent
    runner.run(second)
    assert staging.operation(second).status is OperationStatus.SUCCEEDED


def test_a_queued_redeploy_is_superseded(runner: Runner, staging: Seed, world: World) -> None:
    older = staging.queue(UPDATE, "web")
    newer = staging.queue(UPDATE, "web")

    runner.run(older)
    runner.run(newer)

    superseded = staging.operation(older)
    assert superseded.status is OperationStatus.CANCELLED
    assert superseded.failure is not None
    assert newer in superseded.failure.message
    assert world.count("cluster.apply") == 1
    service = staging.service("web")
    assert service is not None
    assert service.status is ServiceStatus.RUNNING


def test_a_frozen_worker_writes_nothing_when_it_wakes(
    runner_of: Callable[[str], Runner], staging: Seed, world: World
) -> None:
    operation_id = staging.queue(UPDATE, "web")
    frozen, other = runner_of("frozen"), runner_of("other")
    asleep, go_on = threading.Event(), threading.Event()

    def freeze() -> None:
        asleep.set()
        assert go_on.wait(10)

    world.then("cluster.apply", freeze)
    thread = threading.Thread(target=frozen.run, args=(operation_id,))
    thread.start()
    assert asleep.wait(10)
    with staging.database.writing() as session:  # its lease has run out
        operation = session.get_one(Operation, operation_id)
        operation.lease_until = 0
        session.add(operation)
    other.run(operation_id)
    assert staging.operation(operation_id).status is OperationStatus.SUCCEEDED
    version, calls = staging.operation(operation_id).version, list(world.calls)

    go_on.set()
    thread.join(10)

    assert staging.operation(operation_id).version == version
    assert world.calls == calls
    assert staging.phases() == ["INITIALIZING", "ACTIVE", "UPDATING", "ACTIVE"]


def test_a_lease_that_ran_out_stops_before_the_next_effect(runner: Runner, staging: Seed, world: World) -> None:
    operation_id = staging.queue(OperationKind.DELETE_SERVICE, "web")

    def oversleep() -> Inventory:
        for held in runner.leases._held.values():  # pyright: ignore[reportPrivateUsage]
            held.deadline = 0
        return Inventory(())

    world.then("cluster.inventory", oversleep)
    runner.run(operation_id)

    assert "dns.records" not in world.calls
    assert staging.operation(operation_id).status is OperationStatus.RUNNING


def test_each_step_renews_the_lease(runner: Runner, staging: Seed, world: World) -> None:
    """Whoever keeps the leases may get no time, or find the operation locked."""
    operation_id = staging.queue(UPDATE, "web")
    left: list[float] = []

    def age() -> None:
        with staging.database.writing() as session:
            session.get_one(Operation, operation_id).lease_until -= 30
        held = runner.leases._held[operation_id]  # pyright: ignore[reportPrivateUsage]
        held.deadline -= 30
        left.append(held.deadline)

    def look() -> None:
        left.append(runner.leases._held[operation_id].deadline)  # pyright: ignore[reportPrivateUsage]
        with staging.database.reading() as session:
            assert (
                session.get_one(Operation, operation_id).lease_until > session.exec(select(database_clock())).one() + 50
            )

    world.then("secrets.put", age)
    world.then("cluster.check_rollout", look)
    runner.run(operation_id)

    assert staging.operation(operation_id).status is OperationStatus.SUCCEEDED
    assert left[1] > left[0]


def test_leases_that_were_handed_back_end_at_once(runner: Runner, staging: Seed, world: World) -> None:
    operation_id = staging.queue(OperationKind.DELETE_SERVICE, "web")

    def stop() -> Inventory:
        runner.leases.stop()
        return Inventory(())

    world.then("cluster.inventory", stop)
    runner.run(operation_id)

    assert "dns.records" not in world.calls
    assert staging.operation(operation_id).owner is None


def test_only_one_of_many_claims_wins(staging: Seed, database: Database) -> None:
    operation_id = staging.queue(UPDATE, "web")
    won: list[object] = []

    def try_to_claim(owner: str) -> None:
        with database.writing() as session:
            lease = claim(session, operation_id, owner, 60)
        if lease is not None:
            won.append(lease)

    threads = [threading.Thread(target=try_to_claim, args=(f"w{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(won) == 1


def test_a_destroy_waits_for_what_runs_and_fences_the_rest(
    runner_of: Callable[[str], Runner], staging: Seed, world: World
) -> None:
    runner = runner_of("one")
    running, queued = staging.queue(UPDATE, "web"), staging.queue(UPDATE, "api")
    world.then("cluster.check_rollout", raising(NotYet("rolling out")))
    runner.run(running)

    destroying = destroy(staging)
    assert staging.operation(queued).status is OperationStatus.CANCELLED
    assert staging.operation(running).status is OperationStatus.CANCELLING
    runner.run(destroying)
    assert "cluster.remove_workloads" not in world.calls

    runner.run(running)
    stopped = staging.operation(running)
    assert stopped.status is OperationStatus.CANCELLED
    assert stopped.failure is not None
    assert (stopped.failure.step, stopped.failure.message) == ("rollout", "Environment 'staging' is being destroyed.")
    assert staging.steps(running)["rollout"].message is None
    runner.run(destroying)

    assert staging.operation(destroying).status is OperationStatus.SUCCEEDED
    assert staging.phases()[-2:] == ["DESTROYING", "DESTROYED"]
    assert world.count("cluster.apply") == 1
    assert staging.service("web") is None
    assert staging.service("api") is None


def test_a_destroy_does_what_it_can_names_what_blocks_and_goes_on_there(
    runner: Runner, staging: Seed, world: World
) -> None:
    blocker = Blocker("Service", "lb", "finalizer example.com/hold")
    world.then("cluster.remove_resources", raising(Permanent("held", blockers=[blocker])))
    operation_id = destroy(staging)

    runner.run(operation_id)

    operation = staging.operation(operation_id)
    assert staging.environment().phase == "DESTROY_FAILED"
    assert operation.failure is not None
    assert operation.failure.step == "resources"
    assert [b.name for b in operation.failure.blockers] == ["lb"]
    assert world.count("dns.withdraw") == world.count("secrets.remove") == 1
    assert "cluster.remove_namespace" not in world.calls
    assert staging.steps(operation_id)["verify"].status is StepStatus.PENDING

    again = destroy(staging)
    assert again == operation_id
    runner.run(operation_id)

    assert staging.environment().phase == "DESTROYED"
    assert world.count("cluster.remove_workloads") == 1
    assert world.count("dns.withdraw") == 1
    assert staging.phases()[-4:] == ["DESTROYING", "DESTROY_FAILED", "DESTROYING", "DESTROYED"]


def test_what_is_left_is_counted_against_the_most_there_was(runner: Runner, staging: Seed, world: World) -> None:
    world.then("cluster.remove_workloads", *[raising(NotYet("going", left=left)) for left in (60, 12)])
    operation_id = destroy(staging)

    runner.run(operation_id)
    with staging.database.writing() as session:
        wake(session, staging.environment_id)
    runner.run(operation_id)

    step = staging.steps(operation_id)["pods"]
    assert (step.done, step.total) == (48, 60)


def test_a_removal_that_does_not_move_gives_up_and_names_what_blocks(
    runner: Runner, staging: Seed, world: World
) -> None:
    blocker = Blocker("Service", "lb", "waits for finalizer example.com/hold")
    world.always("cluster.remove_resources", raising(NotYet("held", blockers=[blocker], left=1)))
    operation_id = destroy(staging)
    runner.run(operation_id)
    assert staging.operation(operation_id).status is OperationStatus.RUNNING

    with staging.database.writing() as session:
        step = staging.steps(operation_id)["resources"]
        step.still_since -= 3600
        session.add(step)
        wake(session, staging.environment_id)
    runner.run(operation_id)

    operation = staging.operation(operation_id)
    assert staging.environment().phase == "DESTROY_FAILED"
    assert operation.failure is not None
    assert "Nothing has moved for 36" in operation.failure.message
    assert [b.name for b in operation.failure.blockers] == ["lb"]

    destroy(staging)
    runner.run(operation_id)
    assert staging.operation(operation_id).status is OperationStatus.RUNNING  # with its patience back


def test_what_blocks_is_shown_while_it_is_tried_again_and_in_the_end(
    runner: Runner, staging: Seed, world: World
) -> None:
    blocker = Blocker("ConfigMap", "settings", "failed calling webhook")
    world.always("cluster.remove_resources", raising(Transient("500", blockers=[blocker])))
    operation_id = destroy(staging)
    runner.run(operation_id)
    assert [b.name for b in staging.steps(operation_id)["resources"].blockers] == ["settings"]

    for _ in range(20):
        with staging.database.writing() as session:
            wake(session, staging.environment_id)
        runner.run(operation_id)

    failure = staging.operation(operation_id).failure
    assert failure is not None
    assert [b.reason for b in failure.blockers] == ["failed calling webhook"]


def test_a_part_of_the_api_that_is_down_does_not_keep_the_rest_from_going(
    runner: Runner, staging: Seed, world: World
) -> None:
    seen = Inventory([ObjectRef("apps/v1", "Deployment", "web", "uid")])
    unknown = PartlyKnown("metrics.example.com/v1 could not be asked", [], seen)
    world.then("cluster.inventory", raising(unknown), raising(unknown))
    operation_id = destroy(staging)

    runner.run(operation_id)

    steps = staging.steps(operation_id)
    assert "metrics.example.com/v1 could not be asked" in (steps["inventory"].message or "")
    assert world.count("cluster.remove_workloads") == world.count("dns.withdraw") == 1
    assert steps["verify"].status is StepStatus.RETRYING  # absence is not assumed
    assert staging.environment().phase == "DESTROYING"


def test_a_cluster_that_does_not_answer_holds_the_rest_up_until_it_is_given_up(
    runner: Runner, staging: Seed, world: World
) -> None:
    world.then("cluster.inventory", lambda: Inventory([ObjectRef("v1", "ConfigMap", "settings", "uid")]))
    world.always("cluster.remove_workloads", raising(Permanent("no route to host")))
    operation_id = destroy(staging)
    runner.run(operation_id)
    assert staging.environment().phase == "DESTROY_FAILED"
    world.calls.clear()

    with staging.database.writing() as session:
        destroy_environment(
            session,
            request(),
            environment_id=staging.environment_id,
            confirm_name="staging",
            abandon_cluster=True,
        )
    runner.run(operation_id)

    assert staging.environment().phase == "DESTROYED"
    assert [call for call in world.calls if call.startswith("cluster.")] == []
    namespace = staging.steps(operation_id)["namespace"]
    assert namespace.status is StepStatus.SKIPPED
    assert [(b.kind, b.name) for b in namespace.blockers] == [("ConfigMap", "settings")]
    assert staging.environment_id in (namespace.message or "")


def test_a_lost_cluster_keeps_dns_and_secrets_until_it_is_given_up(runner: Runner, staging: Seed, world: World) -> None:
    world.always("cluster.inventory", raising(Transient("The cluster did not answer")))
    runner.run(destroy(staging))

    assert not {"dns.withdraw", "secrets.remove", "cluster.remove_workloads"} & set(world.calls)


def test_a_destroy_is_called_off_before_the_first_removal_and_not_after(
    runner: Runner, staging: Seed, world: World
) -> None:
    operation_id = destroy(staging)
    with staging.database.writing() as session:
        cancel_operation(session, request(), operation_id=operation_id)
    assert staging.phases()[-2:] == ["DESTROYING", "ACTIVE"]
    service = staging.service("web")
    assert service is not None
    runner.run(operation_id)
    assert world.calls == []

    world.then("cluster.remove_workloads", raising(NotYet("going")))
    second = destroy(staging)
    runner.run(second)
    with staging.database.writing() as session, pytest.raises(OperationNotCancellable, match="begun"):
        cancel_operation(session, request(), operation_id=second)
    with staging.database.writing() as session, pytest.raises(PhaseConflict):
        retry_operation(session, request(), operation_id=operation_id)


def test_cancel_stops_before_the_next_step(runner: Runner, staging: Seed, world: World) -> None:
    operation_id = staging.queue(UPDATE, "web")

    def cancel() -> None:
        with staging.database.writing() as session:
            cancel_operation(session, request(), operation_id=operation_id)

    world.then("secrets.put", cancel)
    runner.run(operation_id)

    cancelled = staging.operation(operation_id)
    assert cancelled.status is OperationStatus.CANCELLED
    assert cancelled.failure is not None
    assert (cancelled.failure.step, cancelled.failure.message) == ("secrets", "Cancelled on demand.")
    assert "cluster.apply" not in world.calls
    assert staging.phases()[-1] == "ERROR"
    service = staging.service("web")
    assert service is not None
    assert operation_id in (service.status_reason or "")


def test_handing_back_frees_at_once(runner_of: Callable[[str], Runner], staging: Seed, world: World) -> None:
    operation_id = staging.queue(UPDATE, "web")
    one, other = runner_of("one"), runner_of("other")
    world.then("cluster.apply", lambda: one.leases.stop())

    one.run(operation_id)
    assert staging.operation(operation_id).status is OperationStatus.RUNNING
    assert "cluster.check_rollout" not in world.calls
    other.run(operation_id)

    assert staging.operation(operation_id).status is OperationStatus.SUCCEEDED


def test_a_write_under_an_old_fence_never_lands(staging: Seed, database: Database) -> None:
    operation_id = staging.queue(UPDATE, "web")
    with database.writing() as session:
        old = claim(session, operation_id, "old", -1)
    with database.writing() as session:
        assert claim(session, operation_id, "new", 60) is not None
    assert old is not None
    with database.writing() as session, pytest.raises(LeaseLost):
        hold(session, old)


@pytest.mark.parametrize("late", ["secrets.put", "cluster.apply", "dns.publish"])
def test_what_a_frozen_worker_makes_after_it_was_removed_goes_again(
    runner_of: Callable[[str], Runner], staging: Seed, world: World, late: str
) -> None:
    operation_id = staging.queue(UPDATE, "web")
    frozen, other = runner_of("frozen"), runner_of("other")

    def wake_too_late() -> None:
        """Everything else happens before its request gets there."""
        expire(staging, operation_id)
        other.run(operation_id)
        other.run(staging.queue(OperationKind.DELETE_SERVICE, "web"))
        assert staging.service("web") is None
        world.calls.clear()

    world.then(late, wake_too_late)
    frozen.run(operation_id)

    assert world.calls == ["cluster.remove_workloads", "cluster.remove_resources", "dns.withdraw", "secrets.remove"]
    environment, service, fence = world.arguments["cluster.remove_resources"]
    assert (environment.id, service.id, fence) == (staging.environment_id, staging.service_ids["web"], 1)
    assert world.arguments["secrets.remove"] == (environment, staging.service_ids["web"])


def test_what_a_frozen_worker_makes_in_a_destroyed_environment_goes_again(
    runner_of: Callable[[str], Runner], staging: Seed, world: World
) -> None:
    operation_id = staging.queue(UPDATE, "web")
    frozen, other = runner_of("frozen"), runner_of("other")

    def wake_too_late() -> None:
        expire(staging, operation_id)
        other.run(operation_id)
        other.run(destroy(staging))
        world.calls.clear()
        world.then("cluster.remove_workloads", raising(NotYet("1 pod is left")))
        world.then("secrets.remove", raising(Transient("try again")))

    world.then("cluster.apply", wake_too_late)
    frozen.run(operation_id)

    removals = ["cluster.remove_workloads", "cluster.remove_resources", "dns.withdraw"]
    assert world.calls == [*removals, "secrets.remove", "secrets.remove"]
    environment, service, _ = world.arguments["cluster.remove_resources"]
    assert (environment.id, service) == (staging.environment_id, None)


def test_a_frozen_worker_takes_nothing_away_from_a_service_that_lives(
    runner_of: Callable[[str], Runner], staging: Seed, world: World
) -> None:
    operation_id, deleted = staging.queue(UPDATE, "web"), staging.queue(OperationKind.DELETE_SERVICE, "api")
    frozen, other = runner_of("frozen"), runner_of("other")

    def wake_too_late() -> None:
        expire(staging, operation_id)
        for id_ in (operation_id, deleted, staging.queue(UPDATE, "web")):
            other.run(id_)
        queued = staging.queue(OperationKind.DELETE_SERVICE, "web")  # it may still be cancelled
        assert staging.operation(queued).status is OperationStatus.QUEUED
        world.calls.clear()

    world.then("cluster.apply", wake_too_late)
    frozen.run(operation_id)

    assert world.calls == []


def expire(staging: Seed, operation_id: str) -> None:
    """Its lease has run out."""
    with staging.database.writing() as session:
        operation = session.get_one(Operation, operation_id)
        operation.lease_until = 0
        session.add(operation)


def test_a_step_that_kills_its_worker_each_time_is_given_up(
    runner_of: Callable[[str], Runner], staging: Seed, world: World
) -> None:
    operation_id = staging.queue(UPDATE, "web")
    world.always("cluster.apply", raising(LeaseLost("as if killed")))

    for number in range(10):
        expire(staging, operation_id)
        runner_of(f"worker-{number}").run(operation_id)

    operation = staging.operation(operation_id)
    assert operation.status is OperationStatus.FAILED
    assert operation.failure is not None
    assert "3 workers died" in operation.failure.message
    assert world.count("cluster.apply") == 3


def test_a_worker_that_can_not_go_on_gives_the_operation_up(
    runner_of: Callable[[str], Runner], staging: Seed, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its leases are renewed together; one that nobody works under must not be."""
    operation_id = staging.queue(UPDATE, "web")
    stuck, other = runner_of("stuck"), runner_of("other")

    def no_plan(*_: object) -> None:
        raise RuntimeError("a defect outside of any step")

    with monkeypatch.context() as patch:
        patch.setattr("jobs.runner.Walk.go", no_plan)
        with pytest.raises(RuntimeError):
            stuck.run(operation_id)

    given_up = staging.operation(operation_id)
    assert given_up.owner is None
    assert given_up.wake_at > 0
    with staging.database.writing() as session:
        wake(session, staging.environment_id)
    other.run(operation_id)
    assert staging.operation(operation_id).status is OperationStatus.SUCCEEDED


@pytest.mark.parametrize("trouble", [None, Transient("timeout"), NotYet("still there")])
def test_a_cancelled_build_is_stopped(
    runner: Runner, database: Database, world: World, trouble: Exception | None
) -> None:
    source = GitSource(repository="https://example.com/shop.git", ref="main", image="example.com/shop")
    staging = seed(database, "shop", name="building", configuration=ServiceConfiguration(source=source))
    operation_id = staging.queue(UPDATE, "shop")
    world.then("cluster.build", raising(NotYet("building")))
    if trouble is not None:
        world.then("cluster.cancel_build", raising(trouble))
    runner.run(operation_id)

    with database.writing() as session:
        cancel_operation(session, request(), operation_id=operation_id)
    runner.run(operation_id)

    assert staging.operation(operation_id).status is OperationStatus.CANCELLED
    assert world.count("cluster.cancel_build") == 1
    assert "cluster.apply" not in world.calls
