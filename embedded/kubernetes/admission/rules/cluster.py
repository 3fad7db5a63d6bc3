"""Definitions of custom kinds, and bindings of roles."""

from collections.abc import Iterator

from embedded.kubernetes.causes import Cause, required, unsupported, wrong
from embedded.kubernetes.objects import Object, name_of, part, parts

_SCOPES = ("Cluster", "Namespaced")


def check_definition(definition: Object, before: Object | None) -> Iterator[Cause]:
    spec = part(definition, "spec")
    group, plural = spec.get("group", ""), part(spec, "names").get("plural", "")
    if name_of(definition) != f"{plural}.{group}":
        text = 'must be spec.names.plural+"."+spec.group'
        yield wrong("metadata.name", name_of(definition), text)
    if spec.get("scope") not in _SCOPES:
        yield unsupported("spec.scope", spec.get("scope"), _SCOPES)
    for name in ("kind", "plural"):
        if not part(spec, "names").get(name):
            yield required(f"spec.names.{name}")
    if sum(bool(version.get("storage")) for version in parts(spec, "versions")) != 1:
        yield wrong("spec.versions", spec.get("versions"), "must have exactly one version marked as storage version")


def check_binding(binding: Object, before: Object | None) -> Iterator[Cause]:
    role = part(binding, "roleRef")
    if not role.get("name"):
        yield required("roleRef.name")
    if role.get("kind") not in ("ClusterRole", "Role"):
        yield unsupported("roleRef.kind", role.get("kind"), ("ClusterRole", "Role"))
    if before and before.get("roleRef") != role:
        yield wrong("roleRef", role, "cannot change roleRef")
