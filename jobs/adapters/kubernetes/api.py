"""Calls to a Kubernetes API server, over the official client's connections, credentials and TLS."""

import json
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from copy import copy
from typing import Self, cast
from urllib.parse import urlencode

import urllib3

from jobs.adapters.kubernetes.json import JsonObject, metadata, parts
from jobs.adapters.kubernetes.limits import CallLimits
from jobs.adapters.kubernetes.login import Login
from jobs.adapters.kubernetes.refusals import Refused, Unauthorized, answered, garbled, unreachable
from jobs.adapters.kubernetes.silence import Silence
from jobs.errors import Permanent, Transient
from jobs.ports import Guard

_CONNECT_SECONDS = 3.0
JSON = "application/json"
APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
#: Objects and lists without what the objects hold: a tenth of the bytes.
METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
METADATA_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"

Query = Mapping[str, str | int | bool]


class Api:
    """Safe to use from several threads. Every call has a timeout and is sent once: retries are decided elsewhere."""

    def __init__(self, login: Login, limits: CallLimits, guard: Guard = lambda: None) -> None:
        self._login = login
        self._limits = limits
        self._guard = guard
        self._silence = Silence()

    def under(self, guard: Guard) -> Self:
        """Over the same connections and limits; `guard` is called right before each request that is no GET."""
        made = copy(self)
        made._guard = guard
        return made

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: object = None,
        content_type: str = JSON,
        accept: str = JSON,
    ) -> JsonObject:
        """The answer's object. Raises Refused, Conflict, Transient (see `refusals`)."""
        data = self._send(method, path, query, body, content_type, accept)
        return _parsed(method, path, data) if data else {}

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
        return self._send("GET", path, query, None, JSON, "*/*").decode(errors="replace")

    @contextmanager
    def lines(self, path: str, *, query: Query, silence: float, accept: str = JSON) -> Generator["Lines"]:
        """The objects of a stream, which ends with Transient after `silence` seconds without one.

        A stream has no place among the concurrent calls: it would hold it for ever.
        """
        self._limits.take()
        try:
            response = self._request("GET", path, query, None, JSON, accept, silence, preload=False)
            try:
                if response.status >= 300:
                    raise self._refusal("GET", path, response)
                yield Lines(path, response)
            finally:
                response.close()
        except urllib3.exceptions.HTTPError as error:
            raise unreachable("GET", path, error) from error

    def _send(self, method: str, path: str, query: Query | None, body: object, content: str, accept: str) -> bytes:
        with self._limits.turn():
            if method != "GET":
                self._guard()
            try:
                with self._silence.asking():
                    seconds = self._limits.seconds
                    response = self._request(method, path, query, body, content, accept, seconds, preload=True)
            except urllib3.exceptions.HTTPError as error:
                raise unreachable(method, path, error) from error
        if response.status >= 300:
            raise self._refusal(method, path, response)
        return response.data

    def _refusal(self, method: str, path: str, response: urllib3.BaseHTTPResponse) -> Permanent | Transient:
        error = answered(method, path, response.status, response.headers, response.data)
        if isinstance(error, Transient) and error.retry_after is not None:
            self._limits.hold(error.retry_after)
        if isinstance(error, Unauthorized):
            self._login.renew()
        return error

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
        session = self._login.session()
        session.authorize(headers)
        asked = {
            name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in (query or {}).items()
        }
        return session.pool.request(
            method,
            session.host + path + (f"?{urlencode(asked)}" if asked else ""),
            body=None if body is None else json.dumps(body).encode(),
            headers=headers,
            timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, read=seconds),
            retries=False,
            preload_content=preload,
        )


class Lines:
    """The objects of a stream, one a line."""

    def __init__(self, path: str, response: urllib3.BaseHTTPResponse) -> None:
        self._path = path
        self._response = response

    def __iter__(self) -> Iterator[JsonObject]:
        rest = b""
        while chunk := self._response.read1(65536):
            *lines, rest = (rest + chunk).split(b"\n")
            yield from (_parsed("GET", self._path, line) for line in lines if line.strip())

    def end(self) -> None:
        """Ends the stream, also while another thread waits for its next object."""
        with suppress(RuntimeError, ValueError):  # it has ended already
            self._response.shutdown()


def _parsed(method: str, path: str, data: bytes) -> JsonObject:
    try:
        found = json.loads(data)
    except ValueError as error:
        raise garbled(method, path) from error
    if not isinstance(found, dict):
        raise garbled(method, path)
    return cast("JsonObject", found)
