"""What a place in an object may hold, and how a list or a map there is merged: the OpenAPI schema, read as asked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import cast

from embedded.kubernetes.objects import Object

_REFERENCE = "#/definitions/"
_FORMS = ("int-or-string", "quantity", "date-time")


class Schema:
    """A node of an OpenAPI schema. One without type and fields takes anything."""

    def __init__(self, node: Object, definitions: Mapping[str, Object], name: str = "") -> None:
        #: The definition's name, such as `io.k8s.api.apps.v1.DeploymentSpec`; empty inside of one.
        self.name = name
        self._definitions = definitions
        #: As it is published.
        self.node = node
        self._node = node
        self._fields: dict[str, Schema] = {}
        reference = cast("str", node.get("$ref", ""))
        if reference:
            self.name = reference.removeprefix(_REFERENCE)
            self._node = {**definitions[self.name], **node}

    @property
    def type(self) -> str:
        """object, array, string, integer, number, boolean, int-or-string, quantity, date-time; empty for anything."""
        if self._node.get("x-kubernetes-int-or-string"):
            return "int-or-string"
        return self.form if self.form in _FORMS else self._node.get("type", "")

    @property
    def form(self) -> str:
        return self._node.get("format", "")

    @property
    def takes_anything(self) -> bool:
        return self.type == "" or (
            self.type == "object" and not self._properties and "additionalProperties" not in self._node
        )

    @property
    def keeps_unknown(self) -> bool:
        return self.takes_anything or bool(self._node.get("x-kubernetes-preserve-unknown-fields"))

    @property
    def required(self) -> list[str]:
        return self._node.get("required", [])

    @property
    def whole_list(self) -> bool:
        """Whether a list here has one owner, who replaces it as a whole."""
        return self._node.get("x-kubernetes-list-type", "atomic") == "atomic"

    @property
    def whole_map(self) -> bool:
        """Whether a map here has one owner, who replaces it as a whole."""
        return self._node.get("x-kubernetes-map-type") == "atomic"

    @property
    def item_keys(self) -> tuple[str, ...]:
        """The fields that tell an item of this list from the others; empty for a set."""
        return tuple(self._node.get("x-kubernetes-list-map-keys", ()))

    @property
    def merge_key(self) -> str:
        """The field by which a strategic merge patch finds an item of this list; empty where it replaces the list."""
        merges = "merge" in self._node.get("x-kubernetes-patch-strategy", "")
        return self._node.get("x-kubernetes-patch-merge-key", "") if merges else ""

    @property
    def merges_values(self) -> bool:
        """Whether a strategic merge patch adds to this list of plain values instead of replacing it."""
        return "merge" in self._node.get("x-kubernetes-patch-strategy", "") and not self.merge_key

    @cached_property
    def items(self) -> Schema:
        return Schema(self._node["items"], self._definitions) if "items" in self._node else UNTYPED

    def declares(self, field: str) -> bool:
        return field in self._properties

    def field(self, name: str) -> Schema:
        """The schema of a field or of an entry of a map; one that takes anything if the field is unknown."""
        if name not in self._fields:
            node = self._properties.get(name, self._node.get("additionalProperties"))
            self._fields[name] = Schema(cast("Object", node), self._definitions) if isinstance(node, dict) else UNTYPED
        return self._fields[name]

    @property
    def has_entries(self) -> bool:
        """Whether it is a map with keys of any name."""
        return bool(self._node.get("additionalProperties"))

    @cached_property
    def _properties(self) -> Mapping[str, Object]:
        return self._node.get("properties", {})


UNTYPED = Schema({}, {})
