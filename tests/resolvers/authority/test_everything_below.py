"""Nothing that a caller may not see is below anything that he may."""

import json
from collections.abc import Generator
from typing import Any

import pytest
from graphql import GraphQLInterfaceType

from models.database import open_database
from models.migrate import upgrade
from tests.postgresql import Postgresql
from tests.redis_server import RedisServer
from tests.resolvers.authority.crawling import everything_of
from tests.resolvers.authority.places import Things, project_with_everything
from tests.resolvers.identity.issuer import AUDIENCE, issuing
from tests.resolvers.mutating import schema
from tests.resolvers.running_api import Api, serving

#: Enough for whatever is asked here.
LIMITS = {"aliases": 5000, "selections": 5000, "tokens": 50_000, "cost": 10**9, "depth": 30}
NODES = ("project", "blueprint", "environment", "service", "release", "workflow", "operation")
DEPTH = 5


@pytest.fixture(scope="module", params=["VIEWER", "ADMIN"])
def two_projects(
    request: pytest.FixtureRequest, postgresql: Postgresql, redis_server: RedisServer
) -> Generator[tuple[Api, Things, Things]]:
    """The API for who has that role in the first of them only."""
    url = postgresql.new_database()
    database = open_database(url)
    upgrade(database)
    options: dict[str, Any] = {"oidc_audience": AUDIENCE, "limits": LIMITS}
    with issuing() as issuer, serving(database, url, redis_server.url, oidc_issuer=issuer.url, **options) as served:
        ours, theirs = project_with_everything(served), project_with_everything(served)
        with served.with_token(issuer.token(roles={ours["project name"]: request.param})) as api:
            yield api, ours, theirs
    database.close()


def assert_nothing_of(theirs: Things, answer: object) -> None:
    text = json.dumps(answer)
    assert [thing for thing in theirs.values() if thing in text] == []


@pytest.mark.parametrize("name", NODES)
def test_below_a_node_there_is_nothing_of_another_project(two_projects: tuple[Api, Things, Things], name: str) -> None:
    api, ours, theirs = two_projects
    [type_] = {api.data("query ($id: ID!) { node(id: $id) { __typename } }", id=ours[name])["node"]["__typename"]}
    selection = everything_of(schema(), schema().type_map[type_], DEPTH)

    found = api.data(f"query ($id: ID!) {{ node(id: $id) {{ ... on {type_} {selection} }} }}", id=ours[name])["node"]

    assert found[f"{type_}_id"] == ours[name]
    assert_nothing_of(theirs, found)


@pytest.mark.parametrize("root", ["projects", "environments"])
def test_lists_of_everything_hold_nothing_of_another_project(
    two_projects: tuple[Api, Things, Things], root: str
) -> None:
    api, ours, theirs = two_projects
    query = schema().query_type
    assert query is not None
    selection = everything_of(schema(), schema().type_map[f"{root.capitalize()[:-1]}Connection"], DEPTH)

    found = api.data(f"{{ {root} {selection} }}")

    assert ours["environment"] in json.dumps(found)
    assert_nothing_of(theirs, found)


def test_every_kind_of_node_is_asked_for(two_projects: tuple[Api, Things, Things]) -> None:
    api, ours, _ = two_projects
    found = api.data("query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }", ids=[ours[name] for name in NODES])
    node = schema().type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    assert {one["__typename"] for one in found["nodes"]} == {type_.name for type_ in schema().get_possible_types(node)}
