"""Pages join to the whole list, whatever their sizes and whatever comes between."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.service import Service
from models.vocabulary import EnvironmentPhase, OperationStatus
from tests.jobs.seeds import Seed
from tests.resolvers.mutating import mutate
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import (
    add_to_blueprint,
    operation_in,
    project_id,
    release,
    running,
    set_phase,
    unused_name,
)

HERE = "environment(id: $id) { %s }"
WEB = HERE % 'service(name: "web") { %s }'
#: Each list with the way to it.
LISTS = {
    "projects": "%s",
    "environments": "%s",
    "project environments": HERE % "project { %s }",
    "project services": HERE % "project { %s }",
    "services": HERE % "%s",
    "availableServices": HERE % "%s",
    "phaseHistory": HERE % "%s",
    "operations": HERE % "%s",
    "service operations": WEB,
    "releases": WEB,
    "workflows": WEB,
}


@pytest.fixture(scope="module")
def full(api: Api) -> Seed:
    """An environment with some of everything."""
    environment = running(api, "web", "api", "worker")
    for number in range(5):
        add_to_blueprint(environment, f"more-{number}")
        release(environment, "web", number + 1, f"example.com/app:{number}")
        mutate(api, "updateService", serviceId=environment.service_ids["web"], configuration={"command": [str(number)]})
        mutate(api, "createEnvironment", projectId=project_id(environment), name=unused_name())
        operation_in(environment, OperationStatus.QUEUED, "api")
    set_phase(environment, EnvironmentPhase.ACTIVE, EnvironmentPhase.UPDATING, EnvironmentPhase.ERROR)
    return environment


def pager(api: Api, environment: Seed, name: str) -> Callable[[int, str | None], dict[str, Any]]:
    """Reads a page of the list."""
    field, way = name.split()[-1], LISTS[name]
    node = "sequence" if field == "phaseHistory" else "id"
    page = (
        f"page: {field}(first: $first, after: $after) {{ nodes {{ {node} }} edges {{ cursor node {{ {node} }} }} "
        "totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }"
    )
    uses_id = "$id: ID!, " if "$id" in way else ""
    document = f"query ({uses_id}$first: Int, $after: String) {{ {way % page} }}"

    def read(first: int, after: str | None) -> dict[str, Any]:
        variables = {"id": environment.environment_id} if uses_id else {}
        found = api.data(document, first=first, after=after, **variables)
        while "page" not in found:
            found = next(iter(found.values()))
        return found["page"]

    return read


@pytest.mark.parametrize("name", LISTS)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sizes=st.lists(st.integers(1, 6), min_size=12, max_size=12))
def test_pages_of_any_sizes_join_to_the_list(api: Api, full: Seed, name: str, sizes: list[int]) -> None:
    read = pager(api, full, name)
    whole = read(100, None)
    assert not whole["pageInfo"]["hasNextPage"]

    joined: list[dict[str, Any]] = []
    after = None
    for number, size in enumerate(sizes):
        page = read(size, after)
        info = page["pageInfo"]
        joined += page["nodes"]
        assert [edge["node"] for edge in page["edges"]] == page["nodes"]
        assert page["totalCount"] == whole["totalCount"] == len(whole["nodes"])
        assert info["hasPreviousPage"] == (number > 0)
        assert (info["startCursor"], info["endCursor"]) == (page["edges"][0]["cursor"], page["edges"][-1]["cursor"])
        assert len(page["nodes"]) == size or not info["hasNextPage"]
        after = info["endCursor"]
        if not info["hasNextPage"]:
            break

    assert joined == whole["nodes"][: len(joined)]
    assert len(joined) == len(whole["nodes"]) or len(joined) == sum(sizes)


@pytest.mark.parametrize("name", LISTS)
def test_a_page_of_none_tells_whether_there_are_any(api: Api, full: Seed, name: str) -> None:
    page = pager(api, full, name)(0, None)

    assert page["nodes"] == []
    assert page["pageInfo"] == {"hasNextPage": True, "hasPreviousPage": False, "startCursor": None, "endCursor": None}


@pytest.mark.parametrize("first", [101, -1])
def test_a_page_that_can_not_be_is_an_error_with_its_path(api: Api, full: Seed, first: int) -> None:
    for name in LISTS:
        way, field = LISTS[name], name.split()[-1]
        uses_id = "$id: ID!, " if "$id" in way else ""
        document = f"query ({uses_id}$first: Int) {{ {way % f'{field}(first: $first) {{ nodes {{ __typename }} }}'} }}"
        variables = {"id": full.environment_id} if uses_id else {}

        error = api.error(document, first=first, **variables)

        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert error["path"][-1] == field
        assert str(first) in error["message"]


def test_what_comes_between_pages_neither_hides_nor_repeats(api: Api) -> None:
    environment = running(api, "b", "c", "d")
    read = pager(api, environment, "services")
    first = read(2, None)
    for name in ("a", "e"):
        blueprint = add_to_blueprint(environment, name)
        mutate(api, "addService", environmentId=environment.environment_id, projectServiceId=blueprint)
    rest = read(100, first["pageInfo"]["endCursor"])
    found = api.data(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Service { name } } }",
        ids=[node["id"] for node in first["nodes"] + rest["nodes"]],
    )

    assert [node["name"] for node in found["nodes"]] == ["b", "c", "d", "e"]


def test_the_row_of_a_cursor_may_be_gone(api: Api) -> None:
    environment = running(api, "a", "b", "c")
    read = pager(api, environment, "services")
    first = read(2, None)
    with api.database.writing() as session:
        session.delete(session.get_one(Service, environment.service_ids["b"]))

    assert read(2, first["pageInfo"]["endCursor"])["nodes"] == [{"id": environment.service_ids["c"]}]


def cursors_of(api: Api, environment: Seed) -> dict[str, str]:
    return {name: pager(api, environment, name)(1, None)["pageInfo"]["endCursor"] for name in LISTS}


def test_a_cursor_of_another_list_is_refused(api: Api, full: Seed) -> None:
    cursors = cursors_of(api, full)
    for name, cursor in cursors.items():
        if name in ("services", "phaseHistory", "releases", "workflows"):
            for other in {"services", "phaseHistory", "releases", "workflows"} - {name}:
                with pytest.raises(AssertionError, match="BAD_USER_INPUT"):
                    pager(api, full, other)(1, cursor)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cursor=st.text(max_size=40) | st.from_regex(r"[A-Za-z0-9_-]{1,60}", fullmatch=True))
def test_nonsense_for_a_cursor_is_refused_or_finds_nothing_wrong(api: Api, full: Seed, cursor: str) -> None:
    document = "query ($id: ID!, $after: String) { " + HERE % "services(after: $after) { nodes { id } }" + " }"
    response = api.send(document, id=full.environment_id, after=cursor)

    for error in response.get("errors", []):
        assert error["extensions"]["code"] == "BAD_USER_INPUT"


CRAFTED = [
    '["Service"]',
    '["Service", 1]',
    '["Service", null]',
    '["Service", "a", "b"]',
    '["Service", ["a"]]',
    '["Service", "a\\u0000b"]',
    '["Release", 99999999999999999999]',
    '["Release", true]',
    '["Release", 1.5]',
    '{"a": 1}',
    "[]",
    "null",
]


@pytest.mark.parametrize("text", CRAFTED)
def test_a_crafted_cursor_is_refused(api: Api, full: Seed, text: str) -> None:
    cursor = urlsafe_b64encode(text.encode()).decode().rstrip("=")
    for name in ("services", "releases"):
        with pytest.raises(AssertionError, match="BAD_USER_INPUT"):
            pager(api, full, name)(1, cursor)
