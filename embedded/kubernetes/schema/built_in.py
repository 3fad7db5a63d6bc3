"""The published schemas of the built-in kinds."""

from functools import cached_property
from pathlib import Path

import orjson

from embedded.kubernetes.objects import Object
from embedded.kubernetes.schema.nodes import Schema

FILE = Path(__file__).parent / "definitions.json"
NUMBERS = Path(__file__).parent.parent / "protobuf" / "numbers.json"
_PLACES = {
    "": "io.k8s.api.core",
    "apiextensions.k8s.io": "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions",
    "apiregistration.k8s.io": "io.k8s.kube-aggregator.pkg.apis.apiregistration",
    "meta.k8s.io": "io.k8s.apimachinery.pkg.apis.meta",
}
OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
DELETE_OPTIONS = "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions"


class Definitions:
    """Read once a process, from the file that `extract` made of the OpenAPI that Kubernetes publishes."""

    def __init__(self) -> None:
        self.all: dict[str, Object] = orjson.loads(FILE.read_bytes())
        self._schemas: dict[str, Schema] = {}

    @cached_property
    def numbers(self) -> dict[str, dict[str, str]]:
        """By definition, the numbers of its fields in protobuf, and their names; read when first needed.

        A + before the name of a type: JSON shows the fields of that type in its place.
        """
        return orjson.loads(NUMBERS.read_bytes())

    def schema(self, group: str, version: str, kind: str) -> Schema:
        return self.named(definition_name(group, version, kind))

    def named(self, name: str) -> Schema:
        if name not in self._schemas:
            self._schemas[name] = Schema(self.all[name], self.all, name)
        return self._schemas[name]


def definition_name(group: str, version: str, kind: str) -> str:
    if kind == "DeleteOptions":
        return DELETE_OPTIONS
    place = _PLACES.get(group) or f"io.k8s.api.{group.partition('.')[0]}"
    return f"{place}.{version}.{kind}"
