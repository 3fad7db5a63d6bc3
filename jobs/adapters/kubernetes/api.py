"""Calls to a Kubernetes API server, over the official client's connections, credentials and TLS."""

import json
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast
from urllib.parse import urlencode

import urllib3
from kubernetes.client.api_client import ApiClient

from jobs.adapters.kubernetes.json import JsonObject, metadata, parts
from jobs.adapters.kubernetes.refusals import Refused, answered, unreachable

SECONDS = 10.0
_CONNECT_SECONDS = 3.0
JSON = "application/json"
APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
#: Lists without what the objects hold: a tenth of the bytes.
METADATA_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"

Query = Mapping[str, str | int | bool]


class Api:
    """Safe to use from several threads. Every call has a timeout and is sent once: retries are decided elsewhere."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client
        rest = cast("Any", client).rest_client
        self._pool = cast("urllib3.PoolManager", rest.pool_manager)
        self._host = cast("str", cast("Any", client).configuration.host).rstrip("/")

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: object = None,
        content_type: str = JSON,
        accept: str = JSON,
        seconds: float = SECONDS,
    ) -> JsonObject:
        """The answer's object. Raises Refused, Conflict, Transient (see `refusals`)."""
        data = self._send(method, path, query, body, content_type, accept, seconds)
        return json.loads(data) if data else {}

    def find(self, path: str, *, accept: str = JSON) -> JsonObject | None:
        """The object, or None where there is none."""
        try:
            return self.call("GET", path, accept=accept)
        except Refused as refused:
            if refused.code == 404:
                return None
            raise

    def items(self, path: str, *, query: Query | None = None, accept: str = JSON) -> list[JsonObject]:
        """All objects of a collection, page by page."""
        found: list[JsonObject] = []
        asked: dict[str, str | int | bool] = {"limit": 500, **(query or {})}
        while True:
            page = self.call("GET", path, query=asked, accept=accept)
            found += parts(page, "items")
            following = metadata(page).get("continue")
            if not following:
                return found
            asked["continue"] = following

    def text(self, path: str, *, query: Query | None = None) -> str:
        return self._send("GET", path, query, None, JSON, "*/*", SECONDS).decode(errors="replace")

    @contextmanager
    def lines(self, path: str, *, query: Query, silence: float) -> Generator[Iterator[JsonObject]]:
        """The objects of a stream, which ends with an error after `silence` seconds without one."""
        try:
            response = self._request("GET", path, query, None, JSON, JSON, silence, preload=False)
        except urllib3.exceptions.HTTPError as error:
            raise unreachable("GET", path, error) from error
        try:
            if response.status >= 400:
                raise answered("GET", path, response.status, response.headers, response.data)
            yield (json.loads(line) for line in _split(response))
        finally:
            response.close()

    def _send(
        self, method: str, path: str, query: Query | None, body: object, content: str, accept: str, seconds: float
    ) -> bytes:
        try:
            response = self._request(method, path, query, body, content, accept, seconds, preload=True)
        except urllib3.exceptions.HTTPError as error:
            raise unreachable(method, path, error) from error
        if response.status >= 400:
            raise answered(method, path, response.status, response.headers, response.data)
        return response.data

    def _request(
        self,
        method: str,
        path: str,
        query: Query | None,
        body: object,
        content: str,
        accept: str,
        seconds: float,
        *,
        preload: bool,
    ) -> urllib3.BaseHTTPResponse:
        headers = {"Accept": accept}
        if body is not None:
            headers["Content-Type"] = content
        cast("Any", self._client).update_params_for_auth(headers, [], ["BearerToken"], path, method, body)
        asked = {
            name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in (query or {}).items()
        }
        return self._pool.request(
            method,
            self._host + path + (f"?{urlencode(asked)}" if asked else ""),
            body=None if body is None else json.dumps(body).encode(),
            headers=headers,
            timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, read=seconds),
            retries=False,
            preload_content=preload,
        )


def _split(response: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    rest = b""
    for chunk in response.stream(65536):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (line for line in lines if line.strip())
