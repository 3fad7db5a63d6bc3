"""The OpenAPI schemas of the last three Kubernetes minor versions, strict: a field that is not there is an error."""

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any, cast

import jsonschema
from referencing import Registry, Resource

from jobs.adapters.kubernetes.json import JsonObject

_FOLDER = files("kubernetes_validate") / "kubernetes-json-schema"
_STRICT = re.compile(r"v(1\.\d+)\.0-local-strict")


def versions() -> list[str]:
    """As "1.37", the oldest first."""
    known = [match.group(1) for entry in _FOLDER.iterdir() if (match := _STRICT.fullmatch(entry.name))]
    return sorted(known, key=lambda version: int(version.split(".")[1]))[-3:]


def problems(thing: JsonObject) -> list[str]:
    """What each version has against the object, empty when all take it."""
    return [
        f"{version}: {thing['kind']} {error.json_path}: {error.message}"
        for version in versions()
        for error in _validator(version, thing["kind"], thing["apiVersion"]).iter_errors(thing)
    ]


@cache
def _validator(version: str, kind: str, api_version: str) -> Any:
    group, _, number = api_version.rpartition("/")
    suffix = f"{group.split('.')[0]}-{number}" if group else number
    schema = _load(version, f"{kind.lower()}-{suffix}.json")
    return cast("Any", jsonschema.Draft202012Validator)(schema, registry=_definitions(version))


@cache
def _definitions(version: str) -> Any:
    contents = _load(version, "_definitions.json")
    return cast("Any", Registry)().with_resource(contents["$id"], Resource.from_contents(contents))


def _load(version: str, name: str) -> JsonObject:
    return json.loads((_FOLDER / f"v{version}.0-local-strict" / name).read_text())
