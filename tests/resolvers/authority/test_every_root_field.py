"""What each role gets of every query, mutation and subscription, over each transport, with each kind of token."""

import json
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, nullcontext
from itertools import product
from typing import Any, TypeAlias

import pytest
from graphql import OperationType

from jobs.ports import LeftoverRemoval
from models.access import ORDER, Access
from models.database import open_database
from models.migrate import upgrade
from models.mutations.create_api_token import create_api_token
from models.mutations.request import Request
from models.vocabulary import Role
from tests.jobs.scripted import World
from tests.redis_server import RedisServer
from tests.resolvers.answering_worker import answering
from tests.resolvers.authority.asking import Ask, over_http, over_sse, over_websocket
from tests.resolvers.authority.places import Things, nothing, project_with_everything
from tests.resolvers.authority.questions import OTHERWISE, QUESTIONS, Question
from tests.resolvers.identity.issuer import AUDIENCE, Issuer, issuing
from tests.resolvers.mutating import nothing_changed, schema
from tests.resolvers.running_api import Api, serving
from tests.resolvers.seeding import unused_name

#: What the API has to ask a worker for.
LOOKED_UP = {"previewServiceUpdate", "leftovers", "removeLeftovers"}

#: Makes a token with a role in the project of that name; None: everywhere.
MakeToken: TypeAlias = Callable[[Role, str | None], str]

TRANSPORTS: dict[str, tuple[Ask, ...]] = {
    "query": (over_http, over_websocket),
    "mutation": (over_http, over_websocket),
    "subscription": (over_websocket, over_sse),
}
CASES = [
    pytest.param(question, ask, id=f"{ask.__name__}: {question.document.removeprefix(question.operation)[2:70]}")
    for question in QUESTIONS
    for ask in TRANSPORTS[question.operation]
]


@pytest.fixture(scope="module")
def issuer() -> Generator[Issuer]:
    with issuing() as running:
        yield running


@pytest.fixture(scope="module")
def api(issuer: Issuer, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Generator[Api]:
    """For those who show a token."""
    url = f"sqlite:///{tmp_path_factory.mktemp('database')}/phaseline.db"
    database = open_database(url)
    upgrade(database)
    options: dict[str, Any] = {"oidc_issuer": issuer.url, "oidc_audience": AUDIENCE}
    limits = {"mutations_per_minute": 10_000}
    with serving(database, url, redis_server.url, limits=limits, **options) as served:
        yield served
    database.close()


@pytest.fixture
def make_token(ask: Ask, api: Api, issuer: Issuer) -> MakeToken:
    """Of the issuer over HTTP, API tokens over WebSocket: what is between has tests of its own."""

    def of_issuer(role: Role, project: str | None) -> str:
        return issuer.token(sub=unused_name(), roles={project or "*": role})

    def of_database(role: Role, project: str | None) -> str:
        root = Request(Access("root", Role.ADMIN))
        with api.database.writing() as session:
            return create_api_token(
                session, root, name=unused_name(), role=role, project=project, expires_at=None
            ).secret

    return of_database if ask is over_websocket else of_issuer


@pytest.fixture(scope="module")
def ours(api: Api) -> Things:
    return project_with_everything(api)


@pytest.fixture(scope="module")
def theirs(api: Api) -> Things:
    return project_with_everything(api)


def outcome(response: dict[str, Any], things: Things) -> str:
    """`answered`, `forbidden`, or `nothing` where it is as if the things were not there."""
    if "errors" in response:
        [error] = response["errors"]
        return {"FORBIDDEN": "forbidden", "NOT_FOUND": "nothing"}[error["extensions"]["code"]]
    answer = response["data"]["answer"]
    match answer:
        case {"__typename": "Forbidden"}:
            return "forbidden"
        case {"__typename": "NotFound"}:
            return "nothing"
        case {"__typename": _} | {"cluster": _}:
            assert "message" not in answer, answer
            return "answered"
        case _:
            return "answered" if any(thing in json.dumps(answer) for thing in things.values()) else "nothing"


def may(question: Question, role: Role, everywhere: bool) -> bool:
    """Whether who has the role, everywhere or in the one project, gets an answer."""
    return ORDER.index(role) >= ORDER.index(question.role) and (everywhere or not question.everywhere)


def unchanged(api: Api, question: Question) -> AbstractContextManager[None]:
    return nothing_changed(api) if question.operation == "mutation" else nullcontext()


def same_words(response: dict[str, Any], things: Things) -> str:
    """The response with the things' names in the places of themselves."""
    text = json.dumps(response)
    for name, thing in things.items():
        text = text.replace(thing, f"<{name}>")
    return text


@pytest.mark.parametrize(("question", "ask"), CASES)
def test_a_role_gets_what_it_may(
    api: Api, redis_server: RedisServer, make_token: MakeToken, ours: Things, question: Question, ask: Ask
) -> None:
    world = World()
    world.always("cluster.remove_leftovers", lambda: LeftoverRemoval((), {}))
    with answering(api, redis_server.url, world) if question.field in LOOKED_UP else nullcontext():
        for role, everywhere in product(ORDER, (True, False)):
            if may(question, role, everywhere):
                things = project_with_everything(api) if question.operation == "mutation" else ours
                token = make_token(role, None if everywhere else things["project name"])
                response = ask(f"{api.url}/graphql", token, question.about(things))
                assert outcome(response, things) == "answered", (role, everywhere)


@pytest.mark.parametrize(("question", "ask"), CASES)
def test_a_role_gets_no_more(api: Api, make_token: MakeToken, ours: Things, question: Question, ask: Ask) -> None:
    tokens = {
        (role, everywhere): make_token(role, None if everywhere else ours["project name"])
        for role, everywhere in product(ORDER, (True, False))
        if not may(question, role, everywhere)
    }
    with unchanged(api, question):
        for who, token in tokens.items():
            assert outcome(ask(f"{api.url}/graphql", token, question.about(ours)), ours) == "forbidden", who


@pytest.mark.parametrize(("question", "ask"), CASES)
def test_what_is_of_another_project_is_as_what_is_not_there(
    api: Api, make_token: MakeToken, ours: Things, theirs: Things, question: Question, ask: Ask
) -> None:
    token, none = make_token(Role.ADMIN, theirs["project name"]), nothing()
    with unchanged(api, question):
        response, empty = (ask(f"{api.url}/graphql", token, question.about(things)) for things in (ours, none))

    assert outcome(response, ours) == ("forbidden" if question.everywhere else "nothing")
    assert same_words(response, ours) == same_words(empty, none)


def test_no_field_is_left_out() -> None:
    roots = [root for operation in OperationType if (root := schema().get_root_type(operation)) is not None]
    assert len(roots) == 3
    assert {question.field for question in QUESTIONS} | OTHERWISE == {name for root in roots for name in root.fields}
