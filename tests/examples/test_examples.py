"""The examples are accepted whole, and Kubernetes takes what becomes of them."""

import re

import pytest
from sqlmodel import Session, select

from jobs.adapters.kubernetes.json import JsonObject
from jobs.adapters.kubernetes.manifests import objects_of
from jobs.ports import Desired, EnvironmentRef, ServiceRef
from jobs.steps.pipeline import ENGINE_IMAGES
from models.access import Access
from models.configuration import EngineSource, ImageSource, ServiceConfiguration
from models.configuration.engines import facts_of
from models.database import Database
from models.mutations.add_service import add_service
from models.mutations.create_environment import create_environment
from models.mutations.create_project import NewProjectService, create_project
from models.mutations.request import Request
from models.project import ProjectService
from models.sealing import Sealer, generate_key
from models.service import Service
from models.vocabulary import Engine, Role, ServiceKind
from tests.examples.files import example_names, read_example
from tests.jobs.adapters.kubernetes.schemas import problems

_DOMAIN = "demo.example.com"
_REQUEST = Request(Access("tests", Role.ADMIN))
_ADDRESS = re.compile(r"([a-z][a-z0-9-]*):(\d+)(?:,.*)?")


def test_there_are_three_known_applications() -> None:
    sizes = {name: len(read_example(name)[1]) for name in example_names()}
    assert sizes == {"guestbook": 3, "online_boutique": 12, "wordpress": 3}


@pytest.mark.parametrize("name", example_names())
def test_it_is_accepted_and_what_it_becomes_is_valid(database: Database, name: str) -> None:
    sealer = Sealer(generate_key())
    with database.writing() as session:
        _add_all(session, name, sealer)
    with database.reading() as session:
        services = session.exec(select(Service)).all()
        assert [service.name for service in services] == [service.name for service in read_example(name)[1]]
        objects = [one for service in services for one in _objects(service, sealer)]
    assert [problem for one in objects for problem in problems(one)] == []
    names = [(one["kind"], one["metadata"]["name"]) for one in objects]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", example_names())
def test_every_service_that_another_one_names_is_there_with_that_port(name: str) -> None:
    _, services = read_example(name)
    known = {(service.name, str(number)) for service in services for number in _ports(service)}
    optional = {("shoppingassistantservice", "80")}  # the boutique's assistant needs a model, and is left out
    values = [one["value"] for service in services for one in service.configuration.get("variables", [])]
    addresses = {(match[1], match[2]) for value in values if (match := _ADDRESS.fullmatch(value))}
    assert addresses <= known | optional


@pytest.mark.parametrize("name", example_names())
def test_secret_values_are_placeholders(name: str) -> None:
    _, services = read_example(name)
    for service in services:
        for variable in service.configuration.get("variables", []):
            assert not variable.get("secret") or "replace-this-password" in variable["value"]
            assert variable.get("secret") or "PASSWORD" not in variable["name"]


def _ports(service: NewProjectService) -> list[int]:
    if service.kind is ServiceKind.DATASOURCE:
        return [facts_of(Engine(service.configuration["source"]["engine"]["engine"])).port]
    return [port["number"] for port in service.configuration.get("networking", {}).get("ports", [])]


def _add_all(session: Session, name: str, sealer: Sealer) -> None:
    project_name, services = read_example(name)
    project = create_project(session, _REQUEST, name=project_name, services=services, sealer=sealer)
    environment = create_environment(
        session,
        _REQUEST,
        project_id=project.id,
        name="demo",
        cluster=None,
        namespace=None,
        domain=_DOMAIN,
        protected=False,
        clusters=["local"],
    )
    blueprints = {
        one.name: one
        for one in session.exec(select(ProjectService).where(ProjectService.project_id == project.id)).all()
    }
    for service in services:
        blueprint = blueprints[service.name]
        add_service(
            session,
            _REQUEST,
            environment_id=environment.id,
            project_service_id=blueprint.id,
            change=None,
            sealer=sealer,
        )


def _objects(service: Service, sealer: Sealer) -> list[JsonObject]:
    environment = EnvironmentRef(service.environment_id, "demo", "project", "demo", _DOMAIN)
    configuration = service.configuration
    secrets = {one.name: sealer.unseal(one.sealed) for one in configuration.variables if one.sealed is not None}
    assert service.kind is not ServiceKind.DATASOURCE or secrets
    desired = Desired(configuration, _image(configuration), secrets, service.revision, 1)
    return objects_of(ServiceRef(environment, service.id, service.name, service.kind), desired)


def _image(configuration: ServiceConfiguration) -> str:
    match configuration.source:
        case ImageSource(image=image):
            return image
        case EngineSource(engine=engine, version=version):
            return f"{ENGINE_IMAGES[engine]}:{version}"
        case source:
            raise AssertionError(f"the examples build nothing, and {source} is built")
