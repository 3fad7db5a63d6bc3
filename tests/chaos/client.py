"""A client as the documentation asks for: it sends a mutation again, with its key, until it has an answer."""

import random
import time
import uuid
from collections.abc import Sequence
from typing import Any, Self

import httpx

Json = dict[str, Any]

REFUSED = "__typename ... on Error { message } ... on InvalidInput { issues { path message } }"
OPERATION = "... on OperationAccepted { operation { id } }"
#: What is asked of an answer, by the mutation.
SELECTIONS = {
    "createProject": "... on ProjectCreated { project { id services { nodes { id name } } } }",
    "createEnvironment": "... on EnvironmentCreated { environment { id } }",
    "addService": f"{OPERATION} ... on AddServiceAccepted {{ service {{ id revision }} }}",
    "updateService": f"{OPERATION} ... on UpdateServiceAccepted {{ service {{ id revision }} }}",
    "rollbackService": f"{OPERATION} ... on RollbackServiceAccepted {{ service {{ id revision }} }}",
}


class Unanswered(AssertionError):
    """No API gave an answer for too long."""


class Client:
    """Asks the APIs in turn. Every mutation with a key is sent once more now and then, as if its answer was lost."""

    def __init__(self, ports: Sequence[int], rng: random.Random, *, patience: float = 120.0) -> None:
        self._urls = [f"http://127.0.0.1:{port}/graphql" for port in ports]
        self._rng = rng
        self._patience = patience
        self._http = httpx.Client(timeout=4)
        #: How many requests were left without an answer.
        self.unanswered = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def mutate(self, mutation: str, *, keyed: bool = True, **fields: Any) -> Json:
        kind = mutation[0].upper() + mutation[1:]
        selection = f"{SELECTIONS.get(mutation, OPERATION)} {REFUSED}"
        document = f"mutation ($input: {kind}Input!) {{ {mutation}(input: $input) {{ {selection} }} }}"
        asked = {**fields, "idempotencyKey": str(uuid.uuid4())} if keyed else fields
        answer = self.ask(document, input=asked)[mutation]
        if keyed and self._rng.random() < 0.3:
            again = self.ask(document, input=asked)[mutation]
            assert again.get("operation") == answer.get("operation"), f"one key, two answers: {answer} {again}"
        return answer

    def ask(self, document: str, **variables: Any) -> Json:
        ends = time.monotonic() + self._patience
        while time.monotonic() < ends:
            answer = self._once({"query": document, "variables": variables})
            if answer is not None:
                return answer
            self.unanswered += 1
            time.sleep(self._rng.uniform(0.05, 0.3))
        raise Unanswered(f"no answer for {self._patience:.0f} s")

    def refusal(self, document: str, **variables: Any) -> str | None:
        """The code of the first error, for one that is expected."""
        body = {"query": document, "variables": variables}
        answer = self._http.post(self._rng.choice(self._urls), json=body, timeout=30).json()
        return next((error["extensions"]["code"] for error in answer.get("errors", [])), None)

    def _once(self, body: Json) -> Json | None:
        """None: whether it took effect is not known, or the database was away."""
        try:
            response = self._http.post(self._rng.choice(self._urls), json=body)
        except httpx.HTTPError:
            return None
        if response.status_code != 200:
            return None
        answer = response.json()
        errors = answer.get("errors", [])
        if any(error.get("extensions", {}).get("code") == "UNAVAILABLE" for error in errors):
            return None
        assert not errors, errors
        return answer["data"]
