"""What is at the address of a Redis that is just dying: it takes connections, and resets each of them."""

import socket
import struct
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress

RESET = struct.pack("ii", 1, 0)


class HangingUp:
    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"redis://:password@127.0.0.1:{self._listener.getsockname()[1]}/0"
        self.connections = 0

    def run(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                connection.close()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@contextmanager
def hanging_up() -> Generator[HangingUp]:
    server = HangingUp()
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()
