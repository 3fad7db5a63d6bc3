"""The fields of an object as the audit log compares and shows them: flat, as text, with secrets masked."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from pydantic import BaseModel

from models.api_token import ApiToken
from models.audit.entry import FieldChange
from models.columns import Table
from models.environment import Environment
from models.operation import Inquiry, Operation
from models.project import Project, ProjectService
from models.service import Service

MASK = "********"

#: What people know of each table. Counters, leases and hashes are left out.
FIELDS: Mapping[type[Table], tuple[str, ...]] = {
    Project: ("name",),
    ProjectService: ("name", "kind", "configuration"),
    Environment: ("name", "cluster", "namespace", "domain", "phase", "protected"),
    Service: ("name", "kind", "status", "revision", "configuration"),
    Operation: ("kind", "status"),
    Inquiry: ("kind", "details"),
    ApiToken: ("name", "role", "project", "expires_at", "revoked_at"),
}


@dataclass(frozen=True)
class Secret:
    """A value that is compared, never shown."""

    sealed: str


Fields = Mapping[str, str | Secret]


def flat(values: Mapping[str, object]) -> Fields:
    """One entry for each value inside; none for those that are absent or empty."""
    return dict(_entries("", values))


def differences(object_id: str, before: Fields, after: Fields) -> Iterator[FieldChange]:
    """What has changed. A field that is or was a secret is masked on both sides."""
    for field in dict.fromkeys((*before, *after)):
        old, new = before.get(field), after.get(field)
        if old != new:
            secret = isinstance(old, Secret) or isinstance(new, Secret)
            yield FieldChange(object_id=object_id, field=field, before=_shown(old, secret), after=_shown(new, secret))


def _shown(value: str | Secret | None, secret: bool) -> str | None:
    return MASK if secret and value is not None else cast("str | None", value)


def _entries(path: str, value: object) -> Iterator[tuple[str, str | Secret]]:
    match value:
        case None | () | []:
            return
        case BaseModel():
            yield from _entries(path, value.model_dump(mode="json"))
        case {"secret": True, "sealed": str(sealed)}:
            yield path, Secret(sealed)
        case {"secret": False, "value": str(text)}:
            yield path, text
        case dict():
            for key, inner in cast("dict[str, object]", value).items():
                yield from _entries(f"{path}.{key}" if path else key, inner)
        case list() | tuple():
            yield from _items(path, cast("Sequence[object]", value))
        case datetime():
            yield path, value.isoformat()
        case str():
            yield path, str(value)
        case _:
            yield path, json.dumps(value)


def _items(path: str, items: Sequence[object]) -> Iterator[tuple[str, str | Secret]]:
    """Things with a name by their name, others by their place; plain texts together."""
    if not all(isinstance(item, dict) for item in items):
        yield path, json.dumps(items)
        return
    for index, item in enumerate(cast("Sequence[dict[str, Any]]", items)):
        named = {key: value for key, value in item.items() if key != "name"}
        yield from _entries(f"{path}.{item.get('name', index)}", named)
