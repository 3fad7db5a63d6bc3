"""Server-side apply: an object is what its managers want, each field of whoever applied it last."""

from embedded.kubernetes.apply.fields import INSIDE, fields_of, with_parents
from embedded.kubernetes.apply.managers import Manager, Managers, everything, managers_of, own, replaced
from embedded.kubernetes.apply.merging import merged, without
from embedded.kubernetes.apply.paths import Path, written
from embedded.kubernetes.causes import Cause
from embedded.kubernetes.errors import ApiError, apply_conflict
from embedded.kubernetes.objects import Object, parts
from embedded.kubernetes.schema.nodes import Schema

#: A manager, and the fields of it that another wants to have.
Clashes = list[tuple[Manager, Path]]


def applied(
    live: Object | None, configuration: Object, manager: Manager, schema: Schema, *, force: bool
) -> tuple[Object, Managers]:
    """The object after `manager` applied its configuration, and who owns what then.

    Raises ApiError (409) if a field has another value that somebody else owns, unless forced.
    """
    managers = managers_of(live) if live else {}
    wanted = fields_of(configuration, schema)
    if live is None:
        return configuration, {manager: set(wanted)}
    there = fields_of(live, schema)
    changed = {path for path, value in wanted.items() if path not in there or there[path] != value}
    clashes = [
        (one, path)
        for one, paths in managers.items()
        if one.identity != manager.identity
        for path in sorted(paths & changed)
        if wanted[path] is not INSIDE
    ]
    if clashes and not force:
        raise _conflict(clashes, live)
    before = own(managers, manager)
    kept = {one: paths - changed if one.identity != manager.identity else paths for one, paths in managers.items()}
    after = replaced(kept, manager, set(wanted))
    # every configuration has a name, so that the metadata always stay
    owned = with_parents(everything(after.values()) | {("f:metadata", "f:name")}, schema)
    doomed = with_parents(before, schema) - owned
    result = without(merged(live, configuration, schema), doomed, schema)
    left = fields_of(result, schema).keys()
    return result, {one: paths & left for one, paths in after.items()}


def _conflict(clashes: Clashes, live: Object) -> ApiError:
    names = {manager: _written(manager, live) for manager, _ in clashes}
    causes = [Cause(written(path), "FieldManagerConflict", f"conflict with {names[one]}") for one, path in clashes]
    if len(clashes) == 1:
        manager, path = clashes[0]
        return apply_conflict(f"Apply failed with 1 conflict: conflict with {names[manager]}: {written(path)}", causes)
    lines: list[str] = []
    for manager in sorted(names, key=names.__getitem__):
        lines.append(f"conflicts with {names[manager]}:")
        lines += [f"- {written(path)}" for one, path in clashes if one == manager]
    return apply_conflict(f"Apply failed with {len(clashes)} conflicts: " + "\n".join(lines), causes)


def _written(manager: Manager, live: Object) -> str:
    subresource = f' with subresource "{manager.subresource}"' if manager.subresource else ""
    entries = parts(live, "metadata", "managedFields")
    time = next((entry.get("time") for entry in entries if entry["manager"] == manager.name), None)
    moment = f" at {time}" if manager.operation == "Update" and time else ""
    return f'"{manager.name}"{subresource} using {manager.api_version}{moment}'
