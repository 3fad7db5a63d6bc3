"""Who owns which fields of an object: metadata.managedFields."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from embedded.kubernetes.apply.fields import fields_of
from embedded.kubernetes.apply.paths import Path, from_fields_v1, to_fields_v1
from embedded.kubernetes.objects import Object, made, metadata, parts, timestamp
from embedded.kubernetes.schema.nodes import Schema


@dataclass(frozen=True)
class Manager:
    """Who writes, how, and through which subresource."""

    name: str
    operation: Literal["Apply", "Update"]
    api_version: str
    subresource: str = ""

    @property
    def identity(self) -> tuple[str, str, str]:
        """Two with the same are one, whatever version of the kind they wrote."""
        return self.name, self.operation, self.subresource


Managers = dict[Manager, set[Path]]


def managers_of(thing: Object) -> Managers:
    return {
        Manager(
            entry["manager"], entry["operation"], entry["apiVersion"], entry.get("subresource", "")
        ): from_fields_v1(entry.get("fieldsV1") or {})
        for entry in parts(thing, "metadata", "managedFields")
    }


def sent_managers(sent: Object) -> Managers:
    """Those that an update says: clients may hand fields over so. None where it says none, or what can't be read."""
    entries = parts(sent, "metadata", "managedFields")
    readable = all({"manager", "operation", "apiVersion"} <= entry.keys() for entry in entries)
    return managers_of(sent) if readable else {}


def set_managers(thing: Object, managers: Managers, before: Object | None, writer: Manager) -> None:
    """Writes them into the object.

    An entry that says what it said before keeps its time, but for that of the writer who changed any value, as in
    apiserver's managedFieldsUpdater.
    """
    changed = before is None or _content(thing) != _content(before)
    entries = parts(before, "metadata", "managedFields") if before else []
    known = {_identity(entry): entry for entry in entries}
    written: list[Object] = []
    for manager, paths in managers.items():
        if not paths:
            continue
        entry: Object = {
            "manager": manager.name,
            "operation": manager.operation,
            "apiVersion": manager.api_version,
            "time": timestamp(),
            "fieldsType": "FieldsV1",
            "fieldsV1": to_fields_v1(paths),
            **({"subresource": manager.subresource} if manager.subresource else {}),
        }
        old = known.get(manager.identity)
        wrote = changed and manager.identity == writer.identity
        if old and not wrote and {**old, "time": ""} == {**entry, "time": ""}:
            entry = old
        written.append(entry)
    if written:
        made(thing, "metadata")["managedFields"] = sorted(written, key=_order)
    else:
        made(thing, "metadata").pop("managedFields", None)


def after_update(managers: Managers, manager: Manager, before: Object, after: Object, schema: Schema) -> Managers:
    """Who owns what after `manager` changed the object: it takes what it changed from everybody else."""
    old, new = fields_of(before, schema), fields_of(after, schema)
    changed = {path for path, value in new.items() if path not in old or old[path] != value}
    mine = (own(managers, manager) & new.keys()) | changed
    left = {one: (paths & new.keys()) - changed for one, paths in managers.items()}
    return replaced(left, manager, mine)


def own(managers: Managers, manager: Manager) -> set[Path]:
    return next((paths for one, paths in managers.items() if one.identity == manager.identity), set[Path]())


def replaced(managers: Managers, manager: Manager, paths: set[Path]) -> Managers:
    """With what `manager` owns from now on, in the place where it stood."""
    result = {manager if one.identity == manager.identity else one: owned for one, owned in managers.items()}
    return {**result, manager: paths}


def everything(managers: Iterable[set[Path]]) -> set[Path]:
    return {path for paths in managers for path in paths}


def _content(thing: Object) -> Object:
    return {**thing, "metadata": {**metadata(thing), "managedFields": None}}


def _order(entry: Object) -> tuple[str, ...]:
    """As the API server sorts them: applies first, then by the second of the write, then by name."""
    names = ("operation", "time", "manager", "apiVersion", "subresource")
    return tuple(entry.get(name, "") for name in names)


def _identity(entry: Object) -> tuple[str, str, str]:
    return entry["manager"], entry["operation"], entry.get("subresource", "")
