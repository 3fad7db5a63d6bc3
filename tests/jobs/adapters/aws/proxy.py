"""A proxy between a client and the embedded AWS that spoils chosen requests: the embedded one is laxer than AWS."""

import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def name(self) -> str:
        """The operation, for both services: by header for Secrets Manager, by path for Route53."""
        target = self.headers.get("X-Amz-Target", "")
        if target:
            return target.partition(".")[2]
        if "/change/" in self.path:
            return "GetChange"
        if "/rrset" in self.path:
            return "ChangeResourceRecordSets" if self.method == "POST" else "ListResourceRecordSets"
        return "ListHostedZones"


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    content_type: str = "text/xml"
    headers: dict[str, str] = field(default_factory=dict[str, str])


#: What to do with a request instead of only passing it on. It may pass it on itself; None resets the connection.
Fault = Callable[[Request, Callable[[Request], Answer]], Answer | None]


class FaultProxy:
    def __init__(self, upstream: str) -> None:
        self._upstream = urlsplit(upstream)
        self._faults: list[tuple[str, int, Fault]] = []
        self._lock = threading.Lock()
        self.seen: list[Request] = []
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                proxy.serve(self, Request(self.command, self.path, dict(self.headers), self.rfile.read(length)))

            do_GET = do_POST  # noqa: N815

            def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def on(self, operation: str, fault: Fault, times: int = 1) -> None:
        """The next `times` requests of an operation meet the fault."""
        self._faults.append((operation, times, fault))

    def count(self, operation: str) -> int:
        return sum(request.name == operation for request in self.seen)

    def clear(self) -> None:
        self._faults.clear()
        self.seen.clear()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def serve(self, handler: BaseHTTPRequestHandler, request: Request) -> None:
        self.seen.append(request)
        fault = self._next_fault(request.name)
        answer = fault(request, self.forward) if fault else self.forward(request)
        handler.close_connection = True
        if answer is None:
            # Linger of zero: the peer gets a reset instead of an end.
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            return
        handler.send_response(answer.status)
        for name, value in {"Content-Type": answer.content_type, **answer.headers}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(answer.body)))
        handler.end_headers()
        handler.wfile.write(answer.body)

    def forward(self, request: Request) -> Answer:
        connection = HTTPConnection(self._upstream.hostname or "", self._upstream.port, timeout=30)
        try:
            connection.request(request.method, request.path, request.body, request.headers)
            response = connection.getresponse()
            return Answer(response.status, response.read(), response.headers.get("Content-Type", ""))
        finally:
            connection.close()

    def _next_fault(self, operation: str) -> Fault | None:
        with self._lock:
            for index, (name, times, fault) in enumerate(self._faults):
                if name == operation:
                    self._faults[index : index + 1] = [(name, times - 1, fault)] if times > 1 else []
                    return fault
            return None


@contextmanager
def fault_proxy(upstream: str) -> Generator[FaultProxy]:
    proxy = FaultProxy(upstream)
    try:
        yield proxy
    finally:
        proxy.close()


def refuse(status: int, code: str, message: str = "no", headers: dict[str, str] | None = None) -> Fault:
    """An error as Route53 says it."""
    body = (
        '<?xml version="1.0"?><ErrorResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Error>'
        f"<Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    )
    return lambda _request, _forward: Answer(status, body.encode(), headers=headers or {})


def refuse_json(status: int, code: str, message: str = "no") -> Fault:
    """An error as Secrets Manager says it."""
    body = f'{{"__type": "{code}", "message": "{message}"}}'
    return lambda _request, _forward: Answer(status, body.encode(), "application/x-amz-json-1.1")


def reset(_request: Request, _forward: Callable[[Request], Answer]) -> Answer | None:
    return None


def lose_answer(request: Request, forward: Callable[[Request], Answer]) -> Answer | None:
    """The request takes effect and its answer is lost."""
    forward(request)
    return None


def replace(old: bytes, new: bytes) -> Fault:
    """Passes the request on and changes its answer."""

    def fault(request: Request, forward: Callable[[Request], Answer]) -> Answer:
        answer = forward(request)
        return Answer(answer.status, answer.body.replace(old, new), answer.content_type)

    return fault
