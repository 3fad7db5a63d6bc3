"""Who may do what: invisible objects do not exist, too low a role is said, and a refusal leaves nothing behind."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlmodel import Session, SQLModel, select

from models.access import Access
from models.configuration import ImageSource, IngressRule, NetworkSettings, Port, ServiceConfiguration
from models.database import Database
from models.environment import Environment
from models.mutations.add_service import add_service
from models.mutations.cancel_operation import cancel_operation
from models.mutations.create_environment import create_environment
from models.mutations.create_project import create_project
from models.mutations.delete_service import delete_service
from models.mutations.destroy_environment import destroy_environment
from models.mutations.request import Request
from models.mutations.retry_operation import retry_operation
from models.mutations.rollback_service import rollback_service
from models.mutations.set_environment_protection import set_environment_protection
from models.mutations.update_service import update_service
from models.operation import Operation
from models.project import Project, ProjectService
from models.refusals import Forbidden, InvalidInput, NotFound
from models.sealing import Sealer, generate_key
from models.service import Release, Service
from models.tables import TABLES
from models.vocabulary import OperationKind, OperationStatus, Role
from tests.jobs.seeds import CONFIGURATION, Seed, seed

SEALER = Sealer(generate_key())


@dataclass(frozen=True)
class World:
    """Environment `staging` of a project, in which `web` runs and `spare` can be added."""

    seed: Seed
    project: str
    project_id: str
    spare_id: str

    @property
    def web(self) -> str:
        return self.seed.service_ids["web"]

    def ended(self, kind: OperationKind) -> str:
        """An operation of `web`, or of the environment, that has failed."""
        service = None if kind is OperationKind.DESTROY_ENVIRONMENT else "web"
        operation_id = self.seed.queue(kind, service)
        with self.seed.database.writing() as session:
            operation = session.get_one(Operation, operation_id)
            operation.status = OperationStatus.FAILED
            session.add(operation)
        return operation_id


@pytest.fixture
def world(database: Database) -> World:
    return world_in(database)


def world_in(database: Database, name: str = "staging") -> World:
    staging = seed(database, "web", name=name)
    with database.writing() as session:
        environment = session.get_one(Environment, staging.environment_id)
        project = session.get_one(Project, environment.project_id)
        kind = session.get_one(Service, staging.service_ids["web"]).kind
        spare = ProjectService(project_id=project.id, name="spare", kind=kind, configuration=CONFIGURATION)
        session.add(spare)
        session.add(Release(service_id=staging.service_ids["web"], revision=1, configuration=CONFIGURATION))
        session.flush()
        return World(staging, project.name, project.id, spare.id)


Mutation = Callable[[Session, Request, World], object]


def add(session: Session, request: Request, world: World) -> object:
    return add_service(
        session,
        request,
        environment_id=world.seed.environment_id,
        project_service_id=world.spare_id,
        change=None,
        sealer=SEALER,
    )


def update(session: Session, request: Request, world: World) -> object:
    change = {"deployment": {"replicas": 3}}
    return update_service(session, request, service_id=world.web, change=change, expected_revision=None, sealer=SEALER)


def rollback(session: Session, request: Request, world: World) -> object:
    return rollback_service(session, request, service_id=world.web, revision=1)


def delete(session: Session, request: Request, world: World) -> object:
    return delete_service(session, request, service_id=world.web, confirm=True, sealer=SEALER)


def destroy(session: Session, request: Request, world: World) -> object:
    return destroy_environment(session, request, environment_id=world.seed.environment_id, confirm_name="staging")


def protect(session: Session, request: Request, world: World) -> object:
    return set_environment_protection(session, request, environment_id=world.seed.environment_id, protected=True)


def create(session: Session, request: Request, world: World) -> object:
    return create_environment(
        session,
        request,
        project_id=world.project_id,
        name="another",
        cluster=None,
        namespace=None,
        domain=None,
        protected=False,
        clusters=["local"],
    )


EDITORS: dict[str, Mutation] = {"add": add, "update": update, "rollback": rollback, "delete": delete}
ADMINS: dict[str, Mutation] = {"destroy": destroy, "protect": protect, "create": create}
EVERY = {**EDITORS, **ADMINS}


def in_project(world: World, role: Role) -> Request:
    return Request(Access("ann", projects={world.project: role}))


def rows(database: Database) -> list[list[SQLModel]]:
    """Everything there is, to compare."""
    with database.reading() as session:
        return [sorted(session.exec(select(table)).all(), key=repr) for table in TABLES]


def refused(database: Database, expected: type[Exception], act: Callable[[Session], object]) -> str:
    """The message of the refusal, after which everything is as it was."""
    before = rows(database)
    with pytest.raises(expected) as caught, database.writing() as session:
        act(session)
    assert rows(database) == before
    return str(caught.value)


@pytest.mark.parametrize("name", EVERY)
def test_what_one_may_not_see_does_not_exist(world: World, name: str) -> None:
    outsider = Request(Access("olga", projects={"elsewhere": Role.ADMIN}), "key")
    message = refused(world.seed.database, NotFound, lambda session: EVERY[name](session, outsider, world))
    assert message.startswith("There is no such ")
    assert world.project not in message


@pytest.mark.parametrize("name", EVERY)
def test_a_viewer_changes_nothing(world: World, name: str) -> None:
    viewer = in_project(world, Role.VIEWER)
    message = refused(world.seed.database, Forbidden, lambda session: EVERY[name](session, viewer, world))
    needed = "EDITOR" if name in EDITORS else "ADMIN"
    assert message.startswith(f"This takes the role {needed} in project '{world.project}'; yours is VIEWER.")


@pytest.mark.parametrize("name", ADMINS)
def test_an_editor_does_not_do_what_admins_do(world: World, name: str) -> None:
    editor = in_project(world, Role.EDITOR)
    message = refused(world.seed.database, Forbidden, lambda session: ADMINS[name](session, editor, world))
    assert "the role ADMIN" in message


@pytest.mark.parametrize("name", EDITORS)
@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMIN])
def test_an_editor_edits(world: World, name: str, role: Role) -> None:
    with world.seed.database.writing() as session:
        EDITORS[name](session, in_project(world, role), world)


@pytest.mark.parametrize("name", ADMINS)
def test_an_admin_does_everything(world: World, name: str) -> None:
    with world.seed.database.writing() as session:
        ADMINS[name](session, in_project(world, Role.ADMIN), world)


def test_a_role_everywhere_is_one_in_each_project(world: World) -> None:
    with world.seed.database.writing() as session:
        destroy(session, Request(Access("root", Role.ADMIN)), world)
    assert world.seed.environment().phase == "DESTROYING"


@pytest.mark.parametrize("kind", [OperationKind.UPDATE_SERVICE, OperationKind.DESTROY_ENVIRONMENT])
def test_whoever_may_ask_for_an_operation_may_retry_and_cancel_it(world: World, kind: OperationKind) -> None:
    database = world.seed.database
    operation_id = world.ended(kind)
    too_low = Role.EDITOR if kind is OperationKind.DESTROY_ENVIRONMENT else Role.VIEWER
    steer = (retry_operation, cancel_operation)
    for function in steer:
        low, outsider = in_project(world, too_low), Request(Access("olga"))
        refused(database, Forbidden, lambda session, f=function, r=low: f(session, r, operation_id=operation_id))
        refused(database, NotFound, lambda session, f=function, r=outsider: f(session, r, operation_id=operation_id))


def test_an_editor_retries_and_cancels_an_update(world: World) -> None:
    operation_id = world.ended(OperationKind.UPDATE_SERVICE)
    editor = in_project(world, Role.EDITOR)
    with world.seed.database.writing() as session:
        assert retry_operation(session, editor, operation_id=operation_id).status == "QUEUED"
    with world.seed.database.writing() as session:
        assert cancel_operation(session, editor, operation_id=operation_id).status == "CANCELLED"


def test_a_project_is_created_by_an_admin_of_everything(world: World) -> None:
    database = world.seed.database
    for access in (Access("ann", projects={world.project: Role.ADMIN}), Access("ed", Role.EDITOR)):
        message = refused(
            database,
            Forbidden,
            lambda session, a=access: create_project(session, Request(a), name="new", services=[], sealer=SEALER),
        )
        assert "everywhere" in message
    with database.writing() as session:
        create_project(session, Request(Access("root", Role.ADMIN)), name="new", services=[], sealer=SEALER)


def test_a_service_of_an_invisible_project_does_not_exist_either(world: World) -> None:
    other = world_in(world.seed.database, "production")
    foreign = World(world.seed, world.project, world.project_id, other.spare_id)
    message = refused(
        world.seed.database, NotFound, lambda session: add(session, in_project(world, Role.ADMIN), foreign)
    )
    assert other.project not in message


def test_a_hostname_of_another_project_is_taken_but_not_by_whom(world: World) -> None:
    other = world_in(world.seed.database, "production")
    rule = {"host": "www", "path": "/", "port": "http", "tls": True}
    networking = NetworkSettings(ports=(Port(name="http", number=80),), ingress=(IngressRule(host="www", port="http"),))
    with world.seed.database.writing() as session:
        secret = session.get_one(Service, other.web)
        secret.configuration = ServiceConfiguration(source=ImageSource(image="x/y:1"), networking=networking)
        session.add(secret)
    change = {"networking": {"ports": [{"name": "http", "number": 80}], "ingress": [rule]}}
    editor = in_project(world, Role.EDITOR)
    message = refused(
        world.seed.database,
        InvalidInput,
        lambda session: update_service(
            session, editor, service_id=world.web, change=change, expected_revision=None, sealer=SEALER
        ),
    )
    assert "www.x.test/ belongs to another project already" in message


def test_keys_are_each_callers_own_and_a_lost_role_ends_the_replay(world: World) -> None:
    database = world.seed.database
    ann = Request(Access("ann", projects={world.project: Role.EDITOR}), "key", "same")
    with database.writing() as session:
        first = update_service(session, ann, service_id=world.web, change={}, expected_revision=None, sealer=SEALER)
    bob = Request(Access("bob", projects={world.project: Role.EDITOR}), "key", "same")
    with database.writing() as session:
        assert rollback_service(session, bob, service_id=world.web, revision=1).operation.id != first.operation.id

    demoted = Request(Access("ann", projects={world.project: Role.VIEWER}), "key", "same")
    refused(database, Forbidden, lambda session: update(session, demoted, world))
    gone = Request(Access("ann"), "key", "same")
    message = refused(database, NotFound, lambda session: update(session, gone, world))
    assert "There is no such operation" in message
