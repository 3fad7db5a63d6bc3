"""One question over each transport: the first response that it gets."""

import json
from collections.abc import Callable
from typing import Any

import httpx
from websockets.sync.client import connect
from websockets.typing import Subprotocol

SECONDS = 20.0
#: Asks an address, with a token, a document.
Ask = Callable[[str, str, str], dict[str, Any]]


def over_http(url: str, token: str, document: str) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {token}"}
    return httpx.post(url, json={"query": document}, headers=headers, timeout=SECONDS).json()


def over_sse(url: str, token: str, document: str) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {token}", "accept": "text/event-stream"}
    with httpx.stream("POST", url, json={"query": document}, headers=headers, timeout=SECONDS) as response:
        if not response.headers["content-type"].startswith("text/event-stream"):
            return json.loads(response.read())
        data = next(line for line in response.iter_lines() if line.startswith("data: "))
        return json.loads(data.removeprefix("data: "))


def over_websocket(url: str, token: str, document: str) -> dict[str, Any]:
    with connect(url.replace("http", "ws", 1), subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:
        for message in (
            {"type": "connection_init", "payload": {"Authorization": f"Bearer {token}"}},
            {"type": "subscribe", "id": "1", "payload": {"query": document}},
        ):
            socket.send(json.dumps(message))
            answer = json.loads(socket.recv(SECONDS))
    return {"errors": answer["payload"]} if answer["type"] == "error" else answer["payload"]
