"""The API process, served over HTTP in a thread, and a client for it."""

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, cast

import httpx
import uvicorn
from pydantic import SecretStr

from models.database import Database
from models.sealing import Sealer, generate_key
from resolvers.application import make_application
from resolvers.listening import ApiServer, listening_options
from resolvers.settings import ApiSettings

KEY = generate_key()


@dataclass(frozen=True)
class Api:
    """A served API and the database behind it."""

    client: httpx.Client
    url: str
    database: Database

    @property
    def sealer(self) -> Sealer:
        return Sealer(KEY)

    @contextmanager
    def with_token(self, token: str) -> Generator["Api"]:
        """The same API for who shows this token."""
        headers = {"authorization": f"Bearer {token}"}
        with httpx.Client(base_url=self.url, timeout=30, headers=headers) as client:
            yield replace(self, client=client)

    def send(self, document: str, **variables: object) -> dict[str, Any]:
        """The whole response to a document."""
        response = self.client.post("/graphql", json={"query": document, "variables": variables})
        assert response.status_code == 200, response.text
        return cast("dict[str, Any]", response.json())

    def data(self, document: str, **variables: object) -> Any:
        """The data of a response without errors."""
        response = self.send(document, **variables)
        assert "errors" not in response, response
        return response["data"]

    def error(self, document: str, **variables: object) -> dict[str, Any]:
        """The only error of a response."""
        [error] = self.send(document, **variables)["errors"]
        return error


@contextmanager
def serving(database: Database, database_url: str, redis_url: str, **options: Any) -> Generator[Api]:
    """Until the end of the block. `options` are settings."""
    settings = ApiSettings(
        database_url=database_url,
        redis_url=redis_url,
        secrets_key=SecretStr(KEY),
        clusters={"local": {}, "other": {}},
        **options,
    )
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    config = uvicorn.Config(make_application(settings), log_level="warning", **listening_options(settings))
    server = ApiServer(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        with httpx.Client(base_url=url, timeout=30) as client:
            yield Api(client, url, database)
    finally:
        server.should_exit = True
        thread.join(15)
        listener.close()
    assert not thread.is_alive()
