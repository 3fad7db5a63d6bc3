"""Whatever is sent, the server does not fail, says why in its own words, and keeps the connection.

uv run pytest tests/resolvers/test_bad_requests.py --bad-requests 10000
"""

import json
import re
from collections.abc import Generator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.database import open_database
from models.migrate import upgrade
from tests.graphql_fuzz import Fuzz
from tests.redis_server import RedisServer
from tests.resolvers.mutating import schema
from tests.resolvers.running_api import Api, serving
from tests.resolvers.seeding import running
from tests.resolvers.transport.running import at

#: Of 10,000; in seconds.
pytestmark = pytest.mark.timeout(1800)

#: What nobody outside may read: of a stack, of a statement, of a file, of a value's inside.
LEAKS = re.compile(
    r"Traceback|File \"|\.py\b|site-packages|0x[0-9a-f]{6}|SELECT |INSERT |/etc/|/usr/|/home/|NoneType|"
    r"Error\(|Exception"
)
#: Fields that wait for a worker.
LOOKED_UP = frozenset({"leftovers", "previewServiceUpdate", "removeLeftovers", "destroyPlan"})
PHASES = "subscription ($id: ID!) { environmentPhaseChanged(environmentId: $id) { sequence } }"
JSON_TYPES = ("application/json", "application/json; charset=utf-8")
ANSWERS = ("application/json", "application/graphql-response+json", "*/*")


class Wire:
    """One kept-alive connection."""

    def __init__(self, api: Api) -> None:
        self._http = HTTPConnection(api.url.removeprefix("http://"), timeout=20)
        self._http.connect()
        self._socket = self._http.sock

    def send(self, method: str, target: str, body: bytes | None, headers: dict[str, str]) -> int:
        """Sends a request, asserts that the answer tells nothing, and returns its status."""
        self._http.request(method, target, body, headers)
        response = self._http.getresponse()
        text = response.read().decode()
        assert response.status < 500, text
        assert not LEAKS.search(text), text
        assert self._http.sock is self._socket, "the connection was not kept"
        if method != "HEAD" and not str(response.getheader("content-type")).startswith("text/html"):
            assert_errors_are_ours(json.loads(text), must_have=response.status != 200)
        return response.status

    def close(self) -> None:
        self._http.close()


def assert_errors_are_ours(body: dict[str, Any], *, must_have: bool) -> None:
    """Each says what is wrong and has a code, and none is a failure of ours."""
    errors = body.get("errors", [])
    assert errors or not must_have
    for error in errors:
        assert error["message"]
        assert error["extensions"]["code"] != "INTERNAL_SERVER_ERROR", error


@pytest.fixture(scope="module")
def served(redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Generator[Api]:
    url = f"sqlite:///{tmp_path_factory.mktemp('database')}/phaseline.db"
    database = open_database(url)
    upgrade(database)
    with serving(database, url, redis_server.url) as api:
        yield api
    database.close()


@pytest.fixture(scope="module")
def wire(served: Api) -> Generator[Wire]:
    opened = Wire(served)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def count(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--bad-requests") or 0)


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="/"), max_size=30)
HUGE = st.sampled_from([2**31, 2**53 + 1, -(2**63), 2**64, 1e308])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | HUGE | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=10,
)
QUERIES = st.sampled_from(
    [
        "{ viewer { name } }",
        "query A { viewer { name } } query B { __typename }",
        "{ projects(first: 2) { nodes { name } } }",
        "mutation { cancelOperation(input: {operationId: 1}) { __typename } }",
        "{",
        "",
    ]
)
REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "query": QUERIES | VALUES,
        "variables": VALUES,
        "operationName": st.sampled_from(["A", "B", "C"]) | VALUES,
        "extensions": VALUES,
        "id": VALUES,
    },
)
RAW = st.sampled_from(
    [b"[" * 50_000, b'{"query":"\xff"}', b"\xef\xbb\xbf{}", b'{"a":' * 9000, b"9" * 9000, b"NaN", b"\x00"]
)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """JSON, mostly; whole, cut off, or with bytes changed."""
    if draw(st.integers(0, 9)) == 0:
        return draw(RAW | st.binary(max_size=50))
    body = json.dumps(draw(REQUESTS | VALUES), ensure_ascii=draw(st.booleans())).encode()
    place = draw(st.integers(0, len(body)))
    return draw(st.sampled_from([body, body, body[:place], body[:place] + b"\xfe" + body[place:]]))


@st.composite
def query_strings(draw: st.DrawFn) -> str:
    names = st.sampled_from(["query", "variables", "operationName", "extensions", "x", "%ff", ""])
    values = (
        QUERIES.map(quote) | VALUES.map(json.dumps).map(quote) | st.sampled_from(["%", "%f", "%ff", "%00", "+", "="])
    )
    return "&".join(f"{name}={value}" for name, value in draw(st.lists(st.tuples(names, values), max_size=4)))


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str, bytes | None, dict[str, str]]:
    method = draw(st.sampled_from(["POST"] * 6 + ["GET"] * 3 + ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"]))
    query_string = draw(query_strings()) if method != "POST" or draw(st.booleans()) else ""
    odd_types = st.sampled_from(
        ["", "text/plain", "application/json;charset=latin-1", "application/json;;=", ";", "\x80"]
    )
    odd_answers = st.sampled_from(["", ",", "*", "a/b;q=x", "text/html", "*/*;q=0", ";q=1", "\xff", "a" * 3000])
    headers = {
        "content-type": draw(st.sampled_from(JSON_TYPES * 4) | odd_types),
        "accept": draw(st.sampled_from(ANSWERS * 3) | odd_answers),
    }
    return method, f"/graphql?{query_string}", draw(bodies()) if method != "GET" else None, headers


def test_requests_of_every_malformed_kind_are_refused(wire: Wire, count: int) -> None:
    statuses = set[int]()

    @settings(max_examples=count // 2, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(requests())
    def send(request: tuple[str, str, bytes | None, dict[str, str]]) -> None:
        statuses.add(wire.send(*request))

    send()
    assert 400 in statuses
    assert max(statuses) < 500


def test_documents_of_every_wrong_shape_are_refused(wire: Wire, count: int) -> None:
    statuses = set[int]()
    for seed in range(count // 2):
        fuzz = Fuzz(schema(), seed, LOOKED_UP)
        body: dict[str, Any] = {"query": fuzz.document(), "variables": fuzz.variables()}
        headers = {"content-type": "application/json", "accept": ANSWERS[seed % 2]}
        statuses.add(wire.send("POST", "/graphql", json.dumps(body).encode(), headers))
    assert {200, 400} <= statuses


@pytest.mark.anyio
async def test_no_document_hurts_another_operation_of_its_connection(served: Api, count: int) -> None:
    environment = running(served)
    async with at(f"{served.url.replace('http', 'ws', 1)}/graphql") as socket:
        await socket.init()
        await socket.subscribe("other", PHASES, variables={"id": environment.environment_id})
        await socket.data("other")
        for seed in range(count // 10):
            fuzz = Fuzz(schema(), seed, LOOKED_UP)
            variables = fuzz.variables()
            await socket.subscribe(
                str(seed), fuzz.document(), variables=variables if isinstance(variables, dict) else {}
            )
            while (message := await socket.receive())["type"] == "next":
                assert message["id"] == str(seed)
            assert message["id"] == str(seed)
            assert message["type"] in ("complete", "error")
            assert not LEAKS.search(json.dumps(message))
        await socket.alive()
