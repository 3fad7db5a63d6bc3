"""A client that shows what a server answers, as it is."""

import json
import ssl
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from embedded.kubernetes import RunningKubernetes

JSON = "application/json"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
JSON_PATCH = "application/json-patch+json"
APPLY = "application/apply-patch+yaml"
#: Nothing in these tests takes longer; what does, fails.
SECONDS = 20

Object = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    code: int
    body: Any
    headers: httpx.Headers = field(repr=False)

    @property
    def reason(self) -> str:
        return self.body.get("reason", "")

    @property
    def message(self) -> str:
        return self.body.get("message", "")

    @property
    def causes(self) -> list[tuple[str, str]]:
        """Reason and field of each cause."""
        return [(one["reason"], one["field"]) for one in self.body["details"]["causes"]]


class Client:
    def __init__(self, server: RunningKubernetes, token: str | None = None) -> None:
        context = ssl.create_default_context(cafile=str(server.authority))
        headers = {"Authorization": f"Bearer {server.token if token is None else token}", "User-Agent": "tests/1"}
        self._http = httpx.Client(base_url=server.url, verify=context, headers=headers, timeout=SECONDS)

    def close(self) -> None:
        self._http.close()

    def call(
        self, method: str, path: str, body: Any = None, *, content: str = JSON, accept: str = JSON, **query: Any
    ) -> Answer:
        asked = {name: str(value).lower() if isinstance(value, bool) else value for name, value in query.items()}
        headers = {"Accept": accept, **({"Content-Type": content} if body is not None else {})}
        data = None if body is None else json.dumps(body).encode()
        response = self._http.request(method, path, params=asked, content=data, headers=headers)
        is_json = response.headers["content-type"].startswith(JSON)
        return Answer(response.status_code, response.json() if is_json else response.text, response.headers)

    def send(self, method: str, path: str, data: bytes, headers: dict[str, str]) -> httpx.Response:
        """Bytes as they are."""
        return self._http.request(method, path, content=data, headers=headers)

    def get(self, path: str, **query: Any) -> Object:
        answer = self.call("GET", path, **query)
        assert answer.code == 200, answer
        return answer.body

    def post(self, path: str, body: Object, **query: Any) -> Object:
        answer = self.call("POST", path, body, **query)
        assert answer.code == 201, answer
        return answer.body

    def patch(self, path: str, body: Any, content: str = MERGE, **query: Any) -> Object:
        answer = self.call("PATCH", path, body, content=content, **query)
        assert answer.code in (200, 201), answer
        return answer.body

    def apply(self, path: str, body: Object, manager: str = "m1", **query: Any) -> Answer:
        return self.call("PATCH", path, body, content=APPLY, fieldManager=manager, **query)

    def delete(self, path: str, options: Object | None = None, **query: Any) -> Object:
        answer = self.call("DELETE", path, options, **query)
        assert answer.code == 200, answer
        return answer.body

    def names(self, path: str, **query: Any) -> list[str]:
        return [one["metadata"]["name"] for one in self.get(path, **query)["items"]]

    @contextmanager
    def watch(self, path: str, **query: Any) -> Generator[Iterator[Object]]:
        """The events, as they come."""
        asked = {"watch": "true", "timeoutSeconds": SECONDS, **query}
        with self._http.stream("GET", path, params=asked, headers={"Accept": JSON}) as response:
            assert response.status_code == 200, response.read()
            yield (json.loads(line) for line in response.iter_lines() if line)

    def until(self, path: str, holds: Callable[[Object], bool]) -> Object:
        """The object at the path as soon as `holds` is true of it; by watching."""
        collection, _, name = path.rpartition("/")
        with self.watch(collection, fieldSelector=f"metadata.name={name}") as events:
            for event in events:
                if event["type"] != "DELETED" and holds(event["object"]):
                    return event["object"]
        raise AssertionError(f"not in {SECONDS} s: {self.call('GET', path).body}")

    def until_gone(self, path: str) -> None:
        collection, _, name = path.rpartition("/")
        listed = self.get(collection, fieldSelector=f"metadata.name={name}")
        if not listed["items"]:
            return
        version = listed["metadata"]["resourceVersion"]
        with self.watch(collection, fieldSelector=f"metadata.name={name}", resourceVersion=version) as events:
            for event in events:
                if event["type"] == "DELETED":
                    return
        raise AssertionError(f"still there after {SECONDS} s: {self.call('GET', path).body}")

    def until_all(self, path: str, holds: Callable[[list[Object]], bool], **query: Any) -> list[Object]:
        """The objects of a collection as soon as `holds` is true of them; by watching."""
        there: dict[str, Object] = {}
        with self.watch(path, **query) as events:
            if holds([]):
                return []
            for event in events:
                uid = event["object"]["metadata"]["uid"]
                there.pop(uid, None)
                if event["type"] != "DELETED":
                    there[uid] = event["object"]
                if holds(list(there.values())):
                    return list(there.values())
        raise AssertionError(f"not in {SECONDS} s: {list(there.values())}")


def config_map(name: str, data: dict[str, str] | None = None, **own: Any) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, **own},
        "data": {"a": "1"} if data is None else data,
    }


def deployment(name: str, image: str = "nginx:1", replicas: int = 2, **own: Any) -> Object:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "labels": {"app": name}, **own},
        "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": template(name, image)},
    }


def template(name: str, image: str = "nginx:1", **spec: Any) -> Object:
    return {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "main", "image": image}], **spec}}
