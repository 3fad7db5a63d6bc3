"""A project with one of everything that can be asked about, and the same of things that do not exist."""

from collections.abc import Mapping

from sqlmodel import select

from models.columns import new_id, now
from models.database import Database
from models.environment import Environment
from models.operation import Failure, Operation
from models.phases import move
from models.project import Project
from models.vocabulary import EnvironmentPhase, OperationKind, OperationStatus
from models.workflow import Workflow
from tests.jobs.seeds import Seed
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import add_to_blueprint, operation_in, project_id, release, running, unused_name

#: What questions are about, by the name that it has in them.
Things = Mapping[str, str]


def project_with_everything(api: Api) -> Things:
    environment = running(api, "web", "api", "queued", "failed")
    update = environment.queue(OperationKind.UPDATE_SERVICE, "api")
    project = unused_name()
    with api.database.writing() as session:
        session.get_one(Project, project_id(environment)).name = project
        workflow = session.exec(select(Workflow.id).where(Workflow.operation_id == update)).one()
    return {
        "project": project_id(environment),
        "project name": project,
        "blueprint": add_to_blueprint(environment, unused_name()),
        "environment": environment.environment_id,
        "environment name": environment.environment().name,
        "service": environment.service_ids["web"],
        "release": release(environment, "web", 1, "example.com/app:1"),
        "workflow": workflow,
        "operation": update,
        "queued": operation_in(environment, OperationStatus.QUEUED, "queued"),
        "failed": operation_in(environment, OperationStatus.FAILED, "failed"),
        "queued destroy": _destroy(api.database, project_id(environment), OperationStatus.QUEUED),
        "failed destroy": _destroy(api.database, project_id(environment), OperationStatus.FAILED),
        "new name": unused_name(),
    }


def nothing() -> Things:
    """Ids and names as they could be."""
    ids = {
        "project": "prj",
        "blueprint": "psv",
        "environment": "env",
        "service": "svc",
        "release": "rel",
        "workflow": "wfl",
    }
    operations = dict.fromkeys(("operation", "queued", "failed", "queued destroy", "failed destroy"), "opr")
    names = {name: unused_name() for name in ("project name", "environment name", "new name")}
    return {**{name: new_id(prefix) for name, prefix in {**ids, **operations}.items()}, **names}


def _destroy(database: Database, project: str, status: OperationStatus) -> str:
    """The destroy of one more environment of the project."""
    name = unused_name()
    row = Environment(project_id=project, name=name, cluster="local", namespace=name)
    with database.writing() as session:
        session.add(row)
        session.flush()
        move(session, row, EnvironmentPhase.INITIALIZING)
    destroy = Seed(database, row.id, {}).queue(OperationKind.DESTROY_ENVIRONMENT)
    with database.writing() as session:
        environment, operation = session.get_one(Environment, row.id), session.get_one(Operation, destroy)
        move(session, environment, EnvironmentPhase.DESTROYING, operation_id=destroy)
        operation.status = status
        if status is OperationStatus.FAILED:
            move(session, environment, EnvironmentPhase.DESTROY_FAILED, operation_id=destroy)
            operation.failure, operation.finished_at = Failure(step="namespace", message="It did not go."), now()
        session.add(operation)
    return destroy
