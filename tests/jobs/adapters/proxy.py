"""A proxy between a client and a server that spoils chosen requests: embedded servers are kinder than real ones."""

import socket
import ssl
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    content_type: str = "text/xml"
    headers: dict[str, str] = field(default_factory=dict[str, str])
    #: How many bytes of the body are sent before the connection ends; None: all.
    cut: int | None = None


Forward = Callable[[Request], Answer]
#: What to do with a request instead of only passing it on. It may pass it on itself; None resets the connection.
Fault = Callable[[Request, Forward], Answer | None]


_PASSED = ("Content-Type", "Content-Length", "Retry-After")


class FaultProxy:
    """`name_of` tells what a request asks for, in the words of the server's API.

    `authority` is the certificate to trust where the server speaks TLS. Clients speak none with the proxy.
    """

    def __init__(self, upstream: str, name_of: Callable[[Request], str], authority: Path | None = None) -> None:
        self._upstream = urlsplit(upstream)
        self._tls = ssl.create_default_context(cafile=authority) if authority else None
        self._name_of = name_of
        self._faults: list[tuple[str, int, Fault]] = []
        self._lock = threading.Condition()
        self._streams: set[socket.socket] = set()
        self.seen: list[Request] = []
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                proxy.serve(self, Request(self.command, self.path, dict(self.headers), self.rfile.read(length)))

            do_GET = do_PUT = do_PATCH = do_DELETE = do_POST  # noqa: N815

            def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def on(self, operation: str, fault: Fault, times: int = 1) -> None:
        """The next `times` requests of an operation meet the fault."""
        self._faults.append((operation, times, fault))

    def first(self, operation: str, fault: Fault, times: int = 1) -> None:
        """As `on`, and before what is to come already."""
        self._faults.insert(0, (operation, times, fault))

    def count(self, operation: str) -> int:
        return sum(self._name_of(request) == operation for request in self.seen)

    def clear(self) -> None:
        self._faults.clear()
        self.seen.clear()

    def await_streams(self, number: int) -> None:
        """Returns when so many answers without an end are under way."""
        with self._lock:
            assert self._lock.wait_for(lambda: len(self._streams) == number, timeout=20), (
                f"{len(self._streams)} streams"
            )

    def break_streams(self) -> None:
        with self._lock:
            for connection in self._streams:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._streams.clear()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def serve(self, handler: BaseHTTPRequestHandler, request: Request) -> None:
        self.seen.append(request)
        handler.close_connection = True
        fault = self._next_fault(self._name_of(request))
        if fault is None:
            self._pass_on(handler, request)
            return
        answer = fault(request, self.forward)
        if answer is None:
            _reset(handler.connection)
            return
        length = str(len(answer.body))
        headers = {"Content-Type": answer.content_type, "Content-Length": length, "Connection": "close"}
        with suppress(OSError):  # the client may have given up meanwhile
            handler.send_response(answer.status)
            for name, value in {**headers, **answer.headers}.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(answer.body[: answer.cut])

    def forward(self, request: Request) -> Answer:
        with self._asked(request) as response:
            return Answer(response.status, response.read(), response.headers.get("Content-Type", ""))

    def _pass_on(self, handler: BaseHTTPRequestHandler, request: Request) -> None:
        """Piece by piece, so that an answer without an end arrives as it comes. A peer may end at any time."""
        with suppress(OSError, HTTPException), self._asked(request) as response:
            handler.send_response(response.status)
            chunked = "Content-Length" not in response.headers
            headers = {name: response.headers[name] for name in _PASSED if name in response.headers}
            headers |= {"Transfer-Encoding": "chunked"} if chunked else {}
            for name, value in {**headers, "Connection": "close"}.items():
                handler.send_header(name, value)
            handler.end_headers()
            with self._streaming(handler.connection) if chunked else nullcontext():
                while piece := response.read1(65536):
                    handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
                handler.wfile.write(b"0\r\n\r\n" if chunked else b"")

    @contextmanager
    def _asked(self, request: Request) -> Generator[HTTPResponse]:
        host, port = self._upstream.hostname or "", self._upstream.port
        tls = self._tls
        connection = (
            HTTPSConnection(host, port, timeout=30, context=tls) if tls else HTTPConnection(host, port, timeout=30)
        )
        try:
            connection.request(request.method, request.path, request.body, request.headers)
            yield connection.getresponse()
        finally:
            connection.close()

    @contextmanager
    def _streaming(self, connection: socket.socket) -> Generator[None]:
        with self._lock:
            self._streams.add(connection)
            self._lock.notify_all()
        try:
            yield
        finally:
            with self._lock:
                self._streams.discard(connection)

    def _next_fault(self, operation: str) -> Fault | None:
        with self._lock:
            for index, (name, times, fault) in enumerate(self._faults):
                if name == operation:
                    self._faults[index : index + 1] = [(name, times - 1, fault)] if times > 1 else []
                    return fault
            return None


@contextmanager
def fault_proxy(
    upstream: str, name_of: Callable[[Request], str], authority: Path | None = None
) -> Generator[FaultProxy]:
    proxy = FaultProxy(upstream, name_of, authority)
    try:
        yield proxy
    finally:
        proxy.close()


def reset(_request: Request, _forward: Forward) -> Answer | None:
    return None


def lose_answer(request: Request, forward: Forward) -> Answer | None:
    """The request takes effect and its answer is lost."""
    forward(request)
    return None


def cut_answer(request: Request, forward: Forward) -> Answer:
    """The request takes effect and half of its answer is lost."""
    answer = forward(request)
    return Answer(answer.status, answer.body, answer.content_type, cut=len(answer.body) // 2)


def replace(old: bytes, new: bytes) -> Fault:
    """Passes the request on and changes its answer."""

    def fault(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        return Answer(answer.status, answer.body.replace(old, new), answer.content_type)

    return fault


def _reset(connection: socket.socket) -> None:
    """Linger of zero: the peer gets a reset instead of an end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
