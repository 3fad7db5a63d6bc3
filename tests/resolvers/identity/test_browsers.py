"""Which pages of browsers may come in, and whose word is taken for where a request came from."""

from collections.abc import Generator
from typing import Any

import httpx
import pytest

from resolvers.identity.opening import middleware
from resolvers.listening import listening_options
from resolvers.settings import ApiSettings
from tests.resolvers.transport.running import Server, serving

APP = "https://app.example"


def settings(**values: Any) -> ApiSettings:
    return ApiSettings(secrets_key="key", **values)  # pyright: ignore[reportArgumentType]


@pytest.fixture(scope="module", params=[True, False], ids=["with identity", "without"])
def server(request: pytest.FixtureRequest, log: list[Any]) -> Generator[Server]:
    with serving(middleware=middleware(settings(api_tokens=request.param, cors_origins=(APP,)))) as running:
        yield running


def preflight(server: Server, origin: str) -> httpx.Response:
    headers = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,traceparent",
    }
    return httpx.options(server.url, headers=headers)


def test_an_allowed_page_may_ask_and_read(server: Server) -> None:
    asked = preflight(server, APP)
    assert asked.status_code == 200
    assert asked.headers["access-control-allow-origin"] == APP
    response = httpx.post(server.url, json={"query": "{ hello }"}, headers={"origin": APP})
    assert response.headers["access-control-allow-origin"] == APP
    assert "retry-after" in response.headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in response.headers


def test_another_page_may_not(server: Server) -> None:
    assert "access-control-allow-origin" not in preflight(server, "https://evil.example").headers


def test_nobody_may_unless_told(log: list[Any]) -> None:
    with serving(middleware=middleware(settings(api_tokens=True))) as server:
        assert "access-control-allow-origin" not in preflight(server, APP).headers
        response = httpx.post(server.url, json={"query": "{ hello }"}, headers={"origin": APP})
        assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        ((), "198.51.100.9", "127.0.0.1"),
        (("10.0.0.0/8",), "198.51.100.9", "127.0.0.1"),
        (("127.0.0.1",), "198.51.100.9", "198.51.100.9"),
        (("127.0.0.0/8", "10.0.0.0/8"), "192.0.2.66, 198.51.100.9, 10.1.2.3", "198.51.100.9"),
    ],
)
def test_only_trusted_proxies_say_where_a_request_came_from(
    proxies: tuple[str, ...], forwarded: str, expected: str, log: list[Any]
) -> None:
    options = listening_options(settings(api_tokens=True, trusted_proxies=proxies))
    with serving(server_options={name: options[name] for name in ("proxy_headers", "forwarded_allow_ips")}) as server:
        headers = {"x-forwarded-for": forwarded}
        response = httpx.post(server.url, json={"query": "{ address }"}, headers=headers)
    assert response.json()["data"] == {"address": expected}
