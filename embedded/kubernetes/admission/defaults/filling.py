"""Fills in what is missing."""

from typing import Any

from embedded.kubernetes.objects import Object


def fill(thing: Object, **defaults: Any) -> None:
    for name, value in defaults.items():
        if thing.get(name) is None:
            thing[name] = value
