"""A Redis server that tests may kill and start again."""

import os
import signal
from pathlib import Path
from typing import cast

import redis

from embedded import redis as embedded_redis
from jobs.queue import connect


class RedisServer:
    """It comes back on the address it had."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = embedded_redis.start(folder)
        self.url = self._server.url

    def client(self) -> redis.Redis:
        return connect(self.url)

    @property
    def pid(self) -> int:
        with self.client() as client:
            info = cast("dict[str, int]", client.info("server"))  # pyright: ignore[reportUnknownMemberType]
            return info["process_id"]

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        self._server.stop()

    def start(self) -> None:
        self._server = embedded_redis.start(self._folder)
        assert self._server.url == self.url

    def stop(self) -> None:
        self._server.stop()
