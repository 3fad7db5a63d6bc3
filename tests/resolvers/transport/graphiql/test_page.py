"""The GraphiQL page as it is served: what it may load, and from where."""

import re
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest

from resolvers.transport import Example, Examples, GraphiQL
from resolvers.transport.graphiql.assets import all_assets
from tests.resolvers.transport.running import Server, serving

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
HOSTILE = Examples([Example("# </script><script>alert(1)</script>\n{ hello }")])


@pytest.fixture(scope="module")
def served(log: list[Any], graphiql_files: Path) -> Generator[Server]:
    with serving(graphiql=GraphiQL(HOSTILE, title="<b>Toy</b>", installed=graphiql_files)) as running:
        yield running


@pytest.fixture(scope="module")
def bare(log: list[Any], tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    with serving(graphiql=GraphiQL(installed=tmp_path_factory.mktemp("empty"))) as running:
        yield running


def policy_of(response: httpx.Response) -> dict[str, str]:
    directives = response.headers["content-security-policy"].split("; ")
    return {name: sources for name, _, sources in (directive.partition(" ") for directive in directives)}


def test_a_browser_gets_the_page(served: Server) -> None:
    response = httpx.get(served.url, headers=BROWSER)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json", "*/*", ""])
def test_other_clients_do_not(served: Server, accept: str) -> None:
    response = httpx.get(served.url, headers={"accept": accept})
    assert response.status_code == 400
    assert "json" in response.headers["content-type"]


def test_a_query_in_the_address_is_answered_and_shows_no_page(served: Server) -> None:
    response = httpx.get(served.url, params={"query": "{ hello }"}, headers=BROWSER)
    assert response.json()["data"] == {"hello": "Hello world"}


def test_where_it_is_off_there_is_no_page(server: Server) -> None:
    assert httpx.get(server.url, headers=BROWSER).status_code == 400
    assert httpx.get(f"{server.url}/assets/page.js").status_code == 404


def test_nothing_but_its_own_files_may_run(served: Server) -> None:
    policy = policy_of(httpx.get(served.url, headers=BROWSER))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"


def test_what_an_example_says_is_no_markup(served: Server) -> None:
    text = httpx.get(served.url, headers=BROWSER).text
    assert "alert" in text
    assert "<script>alert" not in text
    assert "<b>Toy" not in text


def test_every_file_of_the_page_is_served(served: Server) -> None:
    page = httpx.get(served.url, headers=BROWSER)
    files = re.findall(r'(?:src|href)="([^"]*)"', page.text)
    assert len(files) == len(all_assets()) + 2
    for file in files:
        response = httpx.get(page.url.join(file))
        assert response.status_code == 200
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["content-type"].startswith(("text/javascript", "application/javascript", "text/css"))


@pytest.mark.parametrize("name", ["page.py", "assets.lock.json", "..%2fpage.py", "%2e%2e%2fpage.py", "x"])
def test_no_other_file_is(served: Server, name: str) -> None:
    assert httpx.get(f"{served.url}/assets/{name}").status_code == 404


def test_without_its_files_it_takes_them_from_the_cdn_by_their_hashes_and_says_so(bare: Server) -> None:
    page = httpx.get(bare.url, headers=BROWSER)
    policy = policy_of(page)
    assert "resolvers.transport.graphiql.install" in page.text
    assert policy["script-src"] == policy["style-src"] == "'self' https://cdn.jsdelivr.net"
    elsewhere = re.findall(r'<(?:script|link)[^>]*"https://[^>]*>', page.text)
    assert len(elsewhere) == len(all_assets())
    assert all('integrity="sha384-' in tag and 'crossorigin="anonymous"' in tag for tag in elsewhere)
