"""The snippets of docs/clients.md, run as they are: nothing is lost or repeated when connections are cut."""

import json
import re
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import HTTPConnection

from resolvers.transport import Caller
from resolvers.transport.callers import ConnectionParams
from tests.node.run import run_script
from tests.resolvers.transport.running import Server, serving

DOCUMENT = Path(__file__).parents[3] / "docs" / "clients.md"
SNIPPETS = {
    name: code for code, name in re.findall(r"```js\n(// (\S+)\n.*?)```", DOCUMENT.read_text(), flags=re.DOTALL)
}
CLIENTS = {"graphql-ws", "graphql-sse", "apollo", "urql", "relay"}


def test_there_is_a_short_snippet_for_each_client() -> None:
    assert {name.removesuffix(".mjs") for name in SNIPPETS} == {*CLIENTS, "follow"}
    assert DOCUMENT.read_text().count("```js") == len(SNIPPETS)
    assert max(len(code.splitlines()) for code in SNIPPETS.values()) <= 30


@pytest.fixture(scope="module")
def tokens() -> list[str | None]:
    """The tokens that were shown, one for each request and connection."""
    return []


@pytest.fixture(scope="module")
def guarded(log: list[Any], tokens: list[str | None]) -> Generator[Server]:
    async def admit(connection: HTTPConnection, params: ConnectionParams) -> Caller:
        token = params.get("Authorization") or connection.headers.get("authorization")
        tokens.append(token if isinstance(token, str) else None)
        return Caller()

    with serving(admit=admit) as running:
        yield running


def test_every_client_goes_on_behind_its_cursor_when_its_connection_was_cut(
    guarded: Server, tokens: list[str | None]
) -> None:
    seen = json.loads(run_script("reconnecting.mjs", guarded.url, modules=SNIPPETS))

    assert seen == {
        name: {"query": {"hello": "Hello world"}, "mutation": {"note": f"by {name}"}, "sequences": [1, 2, 3, 4]}
        for name in CLIENTS
    }
    # Two connections for each stream; Apollo, urql and Relay send queries and mutations by themselves
    assert tokens.count("Bearer t") >= 2 * len(CLIENTS) + 3 * 2
