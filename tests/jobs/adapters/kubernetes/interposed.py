"""An `Api` that notes what is asked of the server, and answers in its place what no server can be made to say."""

from collections.abc import Callable
from typing import Any

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.json import JsonObject

#: Gets what the server answered and gives what the caller sees, or raises.
Spoil = Callable[[JsonObject], JsonObject]


class Interposed(Api):
    def __init__(self, api: Api) -> None:
        vars(self).update(vars(api))  # the same connections
        self.calls: list[str] = []
        self._spoils: dict[str, Spoil] = {}

    def spoil(self, call: str, spoil: Spoil) -> None:
        """What happens to the answers of a call, for example `GET /apis`."""
        self._spoils[call] = spoil

    def heal(self) -> None:
        self._spoils.clear()

    def count(self, method: str) -> int:
        return sum(call.startswith(f"{method} ") for call in self.calls)

    def call(self, method: str, path: str, **options: Any) -> JsonObject:
        name = f"{method} {path}"
        self.calls.append(name)
        spoil = self._spoils.get(name)
        if spoil is not None and method != "GET":
            return spoil({})
        answer = super().call(method, path, **options)
        return spoil(answer) if spoil else answer


def raising(error: Exception) -> Spoil:
    def spoil(answer: JsonObject) -> JsonObject:
        raise error

    return spoil
