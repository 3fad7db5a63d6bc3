"""previewServiceUpdate."""

from collections.abc import Generator
from typing import Any

import pytest
from sqlmodel import select

import resolvers.inquiries
from jobs.errors import Permanent, Transient
from jobs.ports import Desired, FieldChange, ObjectChange, ServiceRef
from models.access import Access
from models.columns import new_id
from models.mutations.preview_service_update import preview_service_update
from models.mutations.request import Request
from models.operation import Inquiry
from models.project import Project
from models.refusals import Forbidden, NotFound
from models.service import Service
from models.vocabulary import EnvironmentPhase, ObjectAction, Role, ServiceStatus
from tests.jobs.scripted import World, raising
from tests.jobs.seeds import Seed
from tests.resolvers.answering_worker import answering
from tests.resolvers.conftest import RedisServer
from tests.resolvers.mutating import issues, mutate, nothing_changed
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import project_id, running, set_phase

PREVIEW = """
  query ($id: ID!, $configuration: ServiceConfigurationInput!) {
    previewServiceUpdate(serviceId: $id, configuration: $configuration) {
      __typename
      ... on ServiceUpdatePreview { changes { action kind name fields { path before after } } refusal }
      ... on Error { message }
      ... on InvalidInput { issues { path message } }
      ... on PhaseConflict { phase }
    }
  }
"""
CHANGE = {"deployment": {"replicas": 3}}
SECRET = {"variables": [{"name": "PASSWORD", "value": "hunter2hunter2", "secret": True}]}


@pytest.fixture
def staging(api: Api) -> Seed:
    return running(api, "web")


@pytest.fixture
def world(api: Api, redis_server: RedisServer) -> Generator[World]:
    """A worker answers for it."""
    world = World()
    with answering(api, redis_server.url, world):
        yield world


def preview(api: Api, service_id: str, configuration: dict[str, Any]) -> dict[str, Any]:
    return api.data(PREVIEW, id=service_id, configuration=configuration)["previewServiceUpdate"]


def test_objects_and_fields_are_shown_and_nothing_is_changed(api: Api, staging: Seed, world: World) -> None:
    changes = [
        ObjectChange(ObjectAction.CHANGE, "Deployment", "web", [FieldChange("spec.replicas", "1", "3")]),
        ObjectChange(ObjectAction.REMOVE, "Ingress", "web"),
    ]
    world.always("cluster.preview", lambda: changes)

    with nothing_changed(api):
        answer = preview(api, staging.service_ids["web"], CHANGE)

    assert answer == {
        "__typename": "ServiceUpdatePreview",
        "changes": [
            {
                "action": "CHANGE",
                "kind": "Deployment",
                "name": "web",
                "fields": [{"path": "spec.replicas", "before": "1", "after": "3"}],
            },
            {"action": "REMOVE", "kind": "Ingress", "name": "web", "fields": []},
        ],
        "refusal": None,
    }
    assert world.calls == ["cluster.preview"]


def test_the_worker_is_asked_for_the_whole_change_with_its_secrets_sealed_on_the_way(
    api: Api, staging: Seed, world: World
) -> None:
    preview(api, staging.service_ids["web"], {**CHANGE, **SECRET})

    service, desired = world.arguments["cluster.preview"]
    assert isinstance(service, ServiceRef)
    assert isinstance(desired, Desired)
    assert (service.name, service.environment.id) == ("web", staging.environment_id)
    assert desired.configuration.deployment.replicas == 3
    assert [variable.name for variable in desired.configuration.variables] == ["A", "PASSWORD"]
    assert desired.secrets == {"PASSWORD": "hunter2hunter2"}
    assert (desired.image, desired.revision) == ("example.com/app:1", 2)
    with api.database.reading() as session:
        kept = [row.model_dump_json() for row in session.exec(select(Inquiry)).all()]
    assert any("PASSWORD" in text for text in kept)
    assert not any("hunter2" in text for text in kept)


def test_what_the_cluster_refuses_is_said(api: Api, staging: Seed, world: World) -> None:
    world.always("cluster.preview", raising(Permanent("Service web is there already and is managed by Helm.")))

    answer = preview(api, staging.service_ids["web"], CHANGE)

    assert answer["refusal"] == "Service web is there already and is managed by Helm."
    assert answer["changes"] == []


def test_what_updateservice_refuses_no_worker_is_asked(api: Api, staging: Seed, world: World) -> None:
    bad = preview(api, staging.service_ids["web"], {"deployment": {"replicas": -1}})
    unknown = preview(api, new_id("svc"), CHANGE)
    mutate(api, "deleteService", serviceId=staging.service_ids["web"], confirm=True)
    going = preview(api, staging.service_ids["web"], CHANGE)
    set_phase(staging, EnvironmentPhase.DESTROYING)
    late = preview(api, staging.service_ids["web"], CHANGE)

    assert ("configuration", "deployment", "replicas") in issues(bad)
    assert unknown["__typename"] == "NotFound"
    assert (going["__typename"], going["phase"]) == ("PhaseConflict", "UPDATING")
    assert (late["__typename"], late["phase"]) == ("PhaseConflict", "DESTROYING")
    assert world.calls == []


def test_a_cluster_that_does_not_answer_is_an_error_with_a_code(api: Api, staging: Seed, world: World) -> None:
    world.always("cluster.preview", raising(Transient("The cluster did not answer.")))

    error = api.error(PREVIEW, id=staging.service_ids["web"], configuration=CHANGE)

    assert error["extensions"]["code"] == "LOOKUP_FAILED"


def test_without_a_worker_it_is_an_error_with_a_code_and_nobody_answers_later(
    api: Api, staging: Seed, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolvers.inquiries, "ANSWER_SECONDS", 0.2)

    with nothing_changed(api):
        error = api.error(PREVIEW, id=staging.service_ids["web"], configuration=CHANGE)

    assert error["extensions"]["code"] == "NO_WORKER_ANSWERED"


def test_it_takes_the_role_that_the_update_takes(api: Api, staging: Seed) -> None:
    with api.database.reading() as session:
        project = session.get_one(Project, project_id(staging)).name
    asked: dict[str, Any] = {"service_id": staging.service_ids["web"], "change": CHANGE, "sealer": api.sealer}
    with pytest.raises(Forbidden), api.database.writing() as session:
        preview_service_update(session, Request(Access("ann", projects={project: Role.VIEWER})), **asked)
    with pytest.raises(NotFound), api.database.writing() as session:
        preview_service_update(session, Request(Access("olga")), **asked)
    with api.database.writing() as session:
        preview_service_update(session, Request(Access("ed", projects={project: Role.EDITOR})), **asked)
        assert session.get_one(Service, staging.service_ids["web"]).status is ServiceStatus.RUNNING
