"""GraphiQL in a real browser that reaches no other host."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
from starlette.requests import HTTPConnection

from resolvers.transport import Caller, Example, Examples, GraphiQL, TransportLimits, unauthenticated
from resolvers.transport.callers import ConnectionParams
from resolvers.transport.graphiql.assets import all_assets
from tests.chromium import Chromium, chromium
from tests.graphiql import GraphiQLPage
from tests.resolvers.transport.running import Server, serving

pytestmark = pytest.mark.anyio

TOY = Examples(
    tabs=[
        Example("query LookAround {\n  hello\n}"),
        Example(
            "subscription Phases($environmentId: ID!) {\n"
            "  environmentPhaseChanged(environmentId: $environmentId) { sequence phase }\n}",
            {"environmentId": "<id of an environment>"},
        ),
        Example(
            "mutation Advance($environmentId: ID!, $phase: String!) {\n"
            "  advance(environmentId: $environmentId, phase: $phase) { cursor }\n}",
            {"environmentId": "<id of an environment>", "phase": "<name of the next phase>"},
        ),
    ],
    lookup="{ items(first: 3) { name } nothing: fails }",
    places={"id of an environment": ["items", -1, "name"], "name of the next phase": ["nothing", "name"]},
)


@pytest.fixture
async def browser() -> AsyncGenerator[Chromium]:
    async with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def served(log: list[Any], graphiql_files: Path) -> Generator[Server]:
    with serving(graphiql=GraphiQL(TOY, installed=graphiql_files)) as running:
        yield running


async def test_a_query_runs_and_no_other_host_is_asked(browser: Chromium, served: Server) -> None:
    graphiql = await GraphiQLPage.opened(browser, served.url)
    await graphiql.run()
    await graphiql.until_response("Hello world")

    hosts = {urlsplit(url).netloc for url in graphiql.page.requested if not url.startswith("data:")}
    assert hosts == {urlsplit(served.url).netloc}
    assert graphiql.page.problems == []
    assert await graphiql.page.text("#notice") == ""


async def test_examples_have_the_ids_that_were_found_and_name_the_others(browser: Chromium, served: Server) -> None:
    graphiql = await GraphiQLPage.opened(browser, served.url)
    await graphiql.choose("Advance")
    assert orjson.loads(await graphiql.variables()) == {"environmentId": "2", "phase": "<name of the next phase>"}


async def test_a_subscription_in_one_tab_shows_what_another_tab_does(browser: Chromium, served: Server) -> None:
    watching = await GraphiQLPage.opened(browser, served.url)
    await watching.choose("Phases")
    await watching.run()
    acting = await GraphiQLPage.opened(browser, served.url)
    await acting.choose("Advance")
    for number, phase in enumerate(["UPDATING", "ACTIVE", "DESTROYING", "DESTROYED"], start=1):
        await acting.set_variables({"environmentId": "2", "phase": phase})
        await acting.run()
        await acting.until_response(f"cursor-{number}")
        await watching.until_response(phase)
        await watching.until_response(f'"sequence": {number}')
    assert watching.page.problems == acting.page.problems == []


async def test_examples_come_anew_on_demand(browser: Chromium, served: Server) -> None:
    graphiql = await GraphiQLPage.opened(browser, served.url)
    await graphiql.choose("Advance")
    await graphiql.set_variables({"mine": 1})
    # It keeps what a person wrote, with a delay
    await graphiql.page.until("localStorage.getItem('graphiql:tabState')?.includes('mine')")
    await graphiql.page.open(served.url)
    assert "mine" in await graphiql.page.evaluate("localStorage.getItem('graphiql:tabState')")
    await graphiql.page.until_text(".graphiql-tab-active", "Advance")

    await graphiql.page.click("document.getElementById('reset')")

    await graphiql.page.until_text(".graphiql-tab-active", "LookAround")
    await graphiql.choose("Advance")
    assert "mine" not in await graphiql.variables()


async def test_a_token_reaches_requests_and_subscriptions(browser: Chromium, graphiql_files: Path) -> None:
    async def admit(connection: HTTPConnection, params: ConnectionParams) -> Caller:
        if "Bearer let-me-in" not in (connection.headers.get("authorization"), params.get("Authorization")):
            raise unauthenticated()
        return Caller(viewer="ann")

    with serving(admit=admit, graphiql=GraphiQL(TOY, installed=graphiql_files)) as guarded:
        graphiql = await GraphiQLPage.opened(browser, guarded.url)
        await graphiql.page.until_text("#notice", "enter a token")
        await graphiql.enter_token("let-me-in")
        await graphiql.run()
        await graphiql.until_response("Hello world")

        guarded.ledger.environments.advance("2", "ACTIVE")
        await graphiql.choose("Phases")
        await graphiql.run()
        await graphiql.until_response("ACTIVE")
        assert "let-me-in" not in await graphiql.page.evaluate("JSON.stringify(localStorage)")


async def test_without_introspection_it_does_not_ask_for_the_schema(
    browser: Chromium, log: list[Any], graphiql_files: Path
) -> None:
    page = GraphiQL(TOY, introspection=False, installed=graphiql_files)
    with serving(TransportLimits(introspection=False), graphiql=page) as closed:
        graphiql = await GraphiQLPage.opened(browser, closed.url)
        await graphiql.run()
        await graphiql.until_response("Hello world")
        # The lookup and the query, besides the page itself
        assert graphiql.page.requested.count(closed.url) == 3
        assert graphiql.page.problems == []


async def test_where_the_files_are_not_installed_they_come_from_the_cdn(
    browser: Chromium, log: list[Any], graphiql_files: Path, tmp_path: Path
) -> None:
    def cdn(url: str) -> bytes | None:
        found = (graphiql_files / asset.name for asset in all_assets() if asset.cdn_url == url)
        return next((file.read_bytes() for file in found), None)

    with serving(graphiql=GraphiQL(TOY, installed=tmp_path)) as bare:
        graphiql = await GraphiQLPage.opened(browser, bare.url, cdn)
        await graphiql.run()
        await graphiql.until_response("Hello world")
        assert "cdn.jsdelivr.net" in await graphiql.page.text("#notice")
        assert graphiql.page.problems == []


async def test_a_file_that_was_tampered_with_is_not_run(
    browser: Chromium, log: list[Any], graphiql_files: Path, tmp_path: Path
) -> None:
    with serving(graphiql=GraphiQL(TOY, installed=tmp_path)) as bare:
        graphiql = await GraphiQLPage.opened(browser, bare.url, lambda _url: b"globalThis.tampered = true")
        assert await graphiql.page.evaluate("globalThis.tampered") is None
        assert any("integrity" in problem for problem in graphiql.page.problems)
