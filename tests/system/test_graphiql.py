"""GraphiQL on the product itself, in a real browser that reaches no other host."""

import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.chromium import Chromium, chromium
from tests.graphiql import GraphiQLPage
from tests.system.running import ROOT, Phaseline

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def browser() -> AsyncGenerator[Chromium]:
    async with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def phaseline(
    browser: Chromium, graphiql_files: Path, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Phaseline]:
    """The product as it comes, but for who may come in: whoever has an API token."""
    settings = {"API_TOKENS": "true", "GRAPHIQL_FOLDER": str(graphiql_files)}
    running = Phaseline(tmp_path_factory.mktemp("phaseline") / "state", settings=settings).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def token(phaseline: Phaseline) -> str:
    command = [sys.executable, "-m", "resolvers.tokens", "create", "ann", "--role", "ADMIN"]
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{phaseline.folder}/phaseline.db"}
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout.strip()


async def opened(browser: Chromium, phaseline: Phaseline, token: str) -> GraphiQLPage:
    """The page, after a person has entered the token."""
    graphiql = await GraphiQLPage.opened(browser, phaseline.url)
    await graphiql.page.until_text("#notice", "enter a token")
    await graphiql.enter_token(token)
    await graphiql.page.until("document.querySelector('.graphiql-tab-button')")
    return graphiql


def assert_only_asked(graphiql: GraphiQLPage, phaseline: Phaseline) -> None:
    """It asked the product for everything and nobody else for anything, and nothing went wrong but at the door."""
    hosts = {urlsplit(url).netloc for url in graphiql.page.requested if not url.startswith("data:")}
    assert hosts == {f"127.0.0.1:{phaseline.port}"}
    assert all("401" in problem for problem in graphiql.page.problems)


async def test_one_tab_shows_the_phases_while_another_updates_deletes_and_destroys(
    browser: Chromium, phaseline: Phaseline, token: str, request: pytest.FixtureRequest
) -> None:
    watching = await opened(browser, phaseline, token)
    await watching.choose("EnvironmentPhases")
    await watching.run()
    await watching.until_response('"phase": "ACTIVE"')
    acting = await opened(browser, phaseline, token)
    await acting.choose("LookAround")
    await acting.run()
    await acting.until_response("acme-staging")

    for example, accepted, phases in (
        ("UpdateService", "QUEUED", ["UPDATING", "ACTIVE"]),
        ("DeleteService", "QUEUED", ["UPDATING", "ACTIVE"]),
        ("DestroyEnvironment", "QUEUED", ["DESTROYING", "DESTROYED"]),
    ):
        await acting.choose(example)
        await acting.run()
        await acting.until_response(accepted)
        for phase in phases:
            await watching.until_response(f'"phase": "{phase}"')
            if phase == "DESTROYING" and (picture := request.config.getoption("--picture")):
                picture.write_bytes(await watching.page.screenshot())

    await watching.until_ended()
    for graphiql in (watching, acting):
        assert_only_asked(graphiql, phaseline)


async def test_the_schema_reads_well(browser: Chromium, phaseline: Phaseline, token: str) -> None:
    graphiql = await opened(browser, phaseline, token)

    await graphiql.open_docs()
    for name, says in {
        "Mutation": "queues an operation and answers",
        "destroyEnvironment": "Removes an environment and all that it owns. Irreversible.",
        "DestroyEnvironmentInput": "typed by a person",
    }.items():
        await graphiql.follow_docs(name)
        await graphiql.until_docs(says)

    assert_only_asked(graphiql, phaseline)
