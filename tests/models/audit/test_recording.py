"""Every mutation leaves one entry that says who did what to which object, and a refused one too."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from models.access import Access
from models.api_token import ApiToken
from models.audit.entry import AuditEntry
from models.audit.fields import MASK
from models.audit.recording import audited, record_refusal
from models.database import Database
from models.environment import Environment
from models.mutations.add_service import add_service
from models.mutations.create_api_token import create_api_token
from models.mutations.create_environment import create_environment
from models.mutations.create_project import NewProjectService, create_project
from models.mutations.delete_service import delete_service
from models.mutations.request import Request
from models.mutations.retry_operation import retry_operation
from models.mutations.revoke_api_token import revoke_api_token
from models.mutations.set_environment_protection import set_environment_protection
from models.mutations.update_service import update_service
from models.operation import Operation
from models.project import Project, ProjectService
from models.refusals import Forbidden, NotFound, ProtectedFromRemoval, Refusal
from models.sealing import Sealer, generate_key
from models.vocabulary import AuditOutcome, OperationKind, Role, ServiceKind
from tests.jobs.seeds import Seed, seed
from tests.models.audit.giving_up import give_up

SEALER = Sealer(generate_key())
ROOT = Request(Access("oidc:1", Role.ADMIN, name="Ann"), source="192.0.2.7")


@pytest.fixture
def staging(database: Database) -> Seed:
    return seed(database, "web")


def project_name(staging: Seed) -> str:
    with staging.database.reading() as session:
        return session.get_one(Project, staging.environment().project_id).name


def entries(database: Database) -> list[AuditEntry]:
    with database.reading() as session:
        return list(session.exec(select(AuditEntry).order_by(AuditEntry.id)).all())


def fields(entry: AuditEntry, object_id: str) -> dict[str, tuple[str | None, str | None]]:
    return {one.field: (one.before, one.after) for one in entry.changes if one.object_id == object_id}


def update(session: Session, staging: Seed, **change: object) -> None:
    audited(
        session,
        update_service,
        ROOT,
        service_id=staging.service_ids["web"],
        change=change,
        expected_revision=None,
        sealer=SEALER,
    )


def test_an_update_says_who_where_what_and_each_field(staging: Seed) -> None:
    with staging.database.writing() as session:
        update(session, staging, deployment={"replicas": 3}, command=["serve", "--fast"])

    [entry] = entries(staging.database)
    web = staging.service_ids["web"]
    assert (entry.caller, entry.caller_name, entry.source) == ("oidc:1", "Ann", "192.0.2.7")
    assert (entry.mutation, entry.outcome) == ("updateService", AuditOutcome.ACCEPTED)
    assert (entry.object_id, entry.object_name, entry.project) == (web, "web", project_name(staging))
    assert (entry.refusal, entry.message) == (None, None)
    assert fields(entry, web) == {
        "status": ("RUNNING", "DEPLOYING"),
        "revision": ("1", "2"),
        "configuration.deployment.replicas": ("1", "3"),
        "configuration.command": (None, '["serve", "--fast"]'),
    }
    assert fields(entry, staging.environment_id) == {"phase": ("ACTIVE", "UPDATING")}
    [operation] = {one.object_id for one in entry.changes} - {web, staging.environment_id}
    assert fields(entry, operation) == {"kind": (None, "UPDATE_SERVICE"), "status": (None, "QUEUED")}


def test_secrets_are_masked_and_their_change_is_seen(staging: Seed) -> None:
    secret = {"name": "KEY", "value": "hush-hush", "secret": True}
    plain = {"name": "A", "value": "2", "secret": False}
    with staging.database.writing() as session:
        update(session, staging, variables=[secret, plain])
    with staging.database.writing() as session:
        update(session, staging, variables=[secret])
    with staging.database.writing() as session:
        update(session, staging, variables=[{**secret, "value": "another"}])
    with staging.database.writing() as session:
        update(session, staging, variables=[{**plain, "value": "now a secret", "secret": True}])
    with staging.database.writing() as session:
        update(session, staging, variables=[{"name": "KEY", "value": "now in clear", "secret": False}])

    added, same, replaced, hidden, shown = (
        {field: change for field, change in fields(entry, staging.service_ids["web"]).items() if "variables" in field}
        for entry in entries(staging.database)
    )
    assert added == {"configuration.variables.KEY": (None, MASK), "configuration.variables.A": ("1", "2")}
    assert same == {}
    assert replaced == {"configuration.variables.KEY": (MASK, MASK)}
    assert hidden == {"configuration.variables.A": (MASK, MASK)}
    assert shown == {"configuration.variables.KEY": (MASK, MASK)}, "whatever it was, it may still be in use"
    text = repr([entry.changes for entry in entries(staging.database)])
    assert "hush" not in text
    assert "gAAAA" not in text, "not sealed either"


def test_what_is_created_has_no_before(staging: Seed) -> None:
    with staging.database.writing() as session:
        new = [NewProjectService("web", ServiceKind.APPLICATION, {"source": {"image": {"image": "a/b:1"}}})]
        project = audited(session, create_project, ROOT, name="shop", services=new, sealer=SEALER)
        environment = audited(
            session,
            create_environment,
            ROOT,
            project_id=project.id,
            name="live",
            cluster=None,
            namespace=None,
            domain=None,
            protected=True,
            clusters=["local"],
        )
        blueprint = session.exec(select(ProjectService).where(ProjectService.project_id == project.id)).one()
        audited(
            session,
            add_service,
            ROOT,
            environment_id=environment.id,
            project_service_id=blueprint.id,
            change={},
            sealer=SEALER,
        )

    created, made, added = entries(staging.database)
    assert (created.object_id, created.project) == (project.id, "shop")
    assert fields(created, blueprint.id)["configuration.source.image"] == (None, "a/b:1")
    assert fields(made, environment.id)["protected"] == (None, "true")
    assert (added.mutation, added.object_name, added.project) == ("addService", "web", "shop")
    assert all(one.before is None for entry in (created, made, added) for one in entry.changes)


def test_a_retry_is_about_its_operation(staging: Seed) -> None:
    operation_id = staging.queue(OperationKind.UPDATE_SERVICE, "web")
    give_up(staging, operation_id)
    with staging.database.writing() as session:
        audited(session, retry_operation, ROOT, operation_id=operation_id)
    [entry] = entries(staging.database)
    assert (entry.object_id, entry.object_name, entry.project) == (operation_id, "web", project_name(staging))
    assert fields(entry, operation_id) == {"status": ("FAILED", "QUEUED")}
    assert fields(entry, staging.service_ids["web"]) == {"status": ("FAILED", "DEPLOYING")}
    assert fields(entry, staging.environment_id) == {"phase": ("ERROR", "UPDATING")}


def test_a_token_is_audited_without_its_secret(database: Database) -> None:
    with database.writing() as session:
        issued = audited(session, create_api_token, ROOT, name="ci", role=Role.EDITOR, project=None, expires_at=None)
        audited(session, revoke_api_token, ROOT, name="ci")
    created, revoked = entries(database)
    assert created.mutation == "createApiToken"
    assert fields(created, issued.token.id) == {"name": (None, "ci"), "role": (None, "EDITOR")}
    assert list(fields(revoked, issued.token.id)) == ["revoked_at"]
    with database.reading() as session:
        hash_ = session.get_one(ApiToken, issued.token.id).secret_hash
    text = repr([created, revoked])
    assert issued.secret not in text
    assert hash_ not in text


def refused(
    database: Database, expected: type[Refusal], mutation: Callable[..., object], request: Request, **arguments: object
) -> None:
    with pytest.raises(expected) as caught, database.writing() as session:
        audited(session, mutation, request, **arguments)
    with database.writing() as session:
        record_refusal(session, mutation, request, caught.value, **arguments)


def test_a_refused_mutation_leaves_an_entry_and_nothing_else(staging: Seed) -> None:
    with staging.database.writing() as session:
        set_environment_protection(session, ROOT, environment_id=staging.environment_id, protected=True)
    web = staging.service_ids["web"]

    refused(staging.database, ProtectedFromRemoval, delete_service, ROOT, service_id=web, confirm=True, sealer=SEALER)

    [entry] = entries(staging.database)
    assert (entry.outcome, entry.refusal, entry.changes) == (AuditOutcome.REFUSED, "ProtectedFromRemoval", [])
    assert "is protected" in (entry.message or "")
    assert (entry.object_id, entry.object_name, entry.project) == (web, "web", project_name(staging))
    service = staging.service("web")
    assert service is not None
    assert service.status == "RUNNING"
    with staging.database.reading() as session:
        assert session.exec(select(Operation)).all() == []


def test_whoever_reaches_for_the_invisible_is_seen_by_its_admins(staging: Seed) -> None:
    outsider = Request(Access("olga"))
    arguments = {"environment_id": staging.environment_id, "protected": True}
    refused(staging.database, NotFound, set_environment_protection, outsider, **arguments)
    [entry] = entries(staging.database)
    assert (entry.caller, entry.refusal, entry.project) == ("olga", "NotFound", project_name(staging))


@pytest.mark.parametrize("given", ["env_nothing", "x\0y", "z" * 100_000])
def test_whatever_was_given_can_be_kept(staging: Seed, given: str) -> None:
    refused(staging.database, NotFound, set_environment_protection, ROOT, environment_id=given, protected=True)
    [entry] = entries(staging.database)
    assert entry.project is None
    assert len(entry.object_id or "") <= 200
    assert len(entry.message or "") <= 2000


def test_a_refused_creation_has_the_name_that_was_wanted(database: Database) -> None:
    request = Request(Access("ed", Role.EDITOR))
    refused(database, Forbidden, create_project, request, name="shop", services=[], sealer=SEALER)
    [entry] = entries(database)
    assert (entry.object_id, entry.object_name, entry.project) == (None, "shop", None)
    with database.reading() as session:
        assert session.exec(select(Environment)).all() == []
