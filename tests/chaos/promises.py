"""The promises, each a function that raises AssertionError where it was broken."""

from collections.abc import Callable, Sequence

from sqlmodel import col, select

from models.environment import Environment, PhaseTransition
from models.operation import Operation
from models.service import Release, Service, ServiceRevision
from models.vocabulary import UNFINISHED, OperationStatus, ServiceStatus
from tests.chaos.follower import Follower
from tests.chaos.outside import OPERATION, SERVICE, Outside
from tests.chaos.servers import ADDRESS
from tests.chaos.story import Story, end_of

Promise = Callable[[Story, Outside], None]


def accepted_once(story: Story, _outside: Outside) -> None:
    """Every accepted mutation is one operation, and there is no other; each has ended, once."""
    with story.servers.database.reading() as session:
        statement = select(Operation).where(Operation.environment_id == story.environment_id)
        operations = session.exec(statement.order_by(col(Operation.number))).all()
    same("operations", [operation.id for operation in operations], story.accepted)
    same("numbers", [operation.number for operation in operations], list(range(1, len(operations) + 1)))
    same("ends", {operation.id: end_of(operation) for operation in operations}, story.ends)
    same("unfinished", [operation.id for operation in operations if operation.unfinished], [])


def transitions_whole(story: Story, _outside: Outside) -> None:
    """No hole and no double, and each begins where the one before ended."""
    with story.servers.database.reading() as session:
        statement = select(PhaseTransition).where(PhaseTransition.environment_id == story.environment_id)
        rows = session.exec(statement.order_by(col(PhaseTransition.sequence))).all()
        environment = session.get_one(Environment, story.environment_id)
    same("sequences", [row.sequence for row in rows], list(range(1, environment.last_sequence + 1)))
    same("previous phases", [row.previous for row in rows], [None, *(row.phase for row in rows[:-1])])
    same("phase", rows[-1].phase, environment.phase)


def history_whole(story: Story, _outside: Outside) -> None:
    """Revisions without a hole; a release for each deploy that succeeded, and for no other."""
    with story.servers.database.reading() as session:
        for name, wanted in story.wanted.items():
            service = session.get_one(Service, wanted.id)
            assert service.status is ServiceStatus.RUNNING, f"{name}: {service.status} {service.status_reason}"
            of_service = ServiceRevision.service_id == wanted.id
            revisions = sorted(session.exec(select(ServiceRevision.revision).where(of_service)).all())
            same(f"revisions of {name}", revisions, list(range(1, service.revision + 1)))
            same(f"accepted revisions of {name}", revisions, sorted(wanted.revisions))
            succeeded = select(Operation.revision).where(
                Operation.service_id == wanted.id, Operation.status == OperationStatus.SUCCEEDED
            )
            deployed = sorted(revision for revision in session.exec(succeeded).all() if revision is not None)
            released = select(Release.revision).where(Release.service_id == wanted.id, col(Release.succeeded).is_(True))
            same(f"releases of {name}", sorted(session.exec(released).all()), deployed)


def cluster_as_desired(story: Story, outside: Outside) -> None:
    """Exactly the services that there should be, each as its last accepted mutation said, by its operation."""
    found = outside.ours(story.environment_id)
    ids = {wanted.id for wanted in story.wanted.values()}
    for kind in ("Deployment", "Service", "Ingress"):
        same(kind, sorted(item["metadata"]["name"] for item in found[kind]), sorted(story.wanted))
    labelled = [item["metadata"] for objects in found.values() for item in objects]
    strangers = [o["name"] for o in labelled if o["labels"].get(SERVICE, "") not in {*ids, ""}]
    assert not strangers, f"of deleted services: {strangers}"
    for deployment in found["Deployment"]:
        wanted = story.wanted[deployment["metadata"]["name"]]
        [container] = deployment["spec"]["template"]["spec"]["containers"]
        same("image", container["image"], wanted.now[0])
        same("fence", deployment["metadata"]["annotations"][OPERATION], str(_last_deploy(story, wanted.id)))


def records_and_secrets_as_desired(story: Story, outside: Outside) -> None:
    records = outside.records(story.domain)
    expected = {(f"{name}.{story.domain}", "A") for name in story.wanted}
    expected |= {(f"a-{name}.{story.domain}", "TXT") for name in story.wanted}
    same("records", sorted(records), sorted({*expected, (f"theirs.{story.domain}", "A")}))
    addresses = [values for (name, type_), values in records.items() if type_ == "A" and not name.startswith("theirs")]
    same("addresses", addresses, [[ADDRESS]] * len(story.wanted))
    secrets = outside.secrets(f"phaseline/{story.environment_id}/")
    prefix = f"phaseline/{story.environment_id}"
    same("secrets", secrets, {f"{prefix}/{wanted.id}": {"TOKEN": wanted.now[1]} for wanted in story.wanted.values()})


def nothing_is_left(story: Story, outside: Outside) -> None:
    """After DESTROYED; and what was never ours is as it was."""
    found = {kind: objects for kind, objects in outside.ours(story.environment_id).items() if objects}
    assert not found, {kind: [o["metadata"]["name"] for o in objects] for kind, objects in found.items()}
    same("records", set(outside.records(story.domain)), {(f"theirs.{story.domain}", "A")})
    same("secrets", outside.secrets(f"phaseline/{story.environment_id}/"), {})
    with story.servers.database.reading() as session:
        left = session.exec(select(Service.id).where(Service.environment_id == story.environment_id)).all()
    same("services", left, [])


def no_lease_is_held(story: Story, _outside: Outside) -> None:
    """Everything has ended, so whoever holds a lease is dead."""
    with story.servers.database.reading() as session:
        held = select(Operation.id).where(
            Operation.environment_id == story.environment_id,
            (col(Operation.owner).is_not(None)) | col(Operation.status).in_(UNFINISHED),
        )
        same("held", session.exec(held).all(), [])


def seen_once_and_in_order(story: Story, followers: Sequence[Follower]) -> None:
    with story.servers.database.reading() as session:
        last = session.get_one(Environment, story.environment_id).last_sequence
    for follower in followers:
        assert follower.sequences == list(range(2, last + 1)), f"{follower.name} saw {follower.sequences} of {last}"


WHILE_IT_RUNS: dict[str, Promise] = {
    "accepted once": accepted_once,
    "transitions": transitions_whole,
    "releases": history_whole,
    "cluster": cluster_as_desired,
    "DNS, secrets": records_and_secrets_as_desired,
}
AFTER_DESTROY: dict[str, Promise] = {
    "accepted once": accepted_once,
    "transitions": transitions_whole,
    "nothing left": nothing_is_left,
    "no dead lease": no_lease_is_held,
}


def same(what: str, found: object, expected: object) -> None:
    """Says both, where pytest is not there to do it."""
    assert found == expected, f"{what}: {found}, not {expected}"


def _last_deploy(story: Story, service_id: str) -> int:
    with story.servers.database.reading() as session:
        statement = select(Operation.number).where(
            Operation.service_id == service_id, Operation.status == OperationStatus.SUCCEEDED
        )
        return max(session.exec(statement).all())
