"""A relay in front of a TCP server that can lose what the server answers."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress


class Relay:
    """`lose_replies` is looked at for each piece that the server sends: then the connection ends instead."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.lose_replies = False
        threading.Thread(target=self._accept, name="relay", daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client:
            try:
                server = socket.create_connection(self._target, timeout=2)
            except OSError:
                return
            server.settimeout(None)
            with server:
                back = threading.Thread(target=_pump, args=(server, client, lambda: self.lose_replies), daemon=True)
                back.start()
                _pump(client, server, lambda: False)
                back.join()


def _pump(source: socket.socket, target: socket.socket, lost: Callable[[], bool]) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            if lost():
                break
            target.sendall(piece)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
