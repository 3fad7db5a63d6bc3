"""Lays an applied configuration over a live object, and takes out what nobody wants any more."""

from typing import Any, cast

from embedded.kubernetes.apply.paths import SELF, Path, item_step, to_fields_v1
from embedded.kubernetes.objects import Object
from embedded.kubernetes.schema.nodes import Schema


def merged(live: Any, applied: Any, schema: Schema) -> Any:
    """Neither is changed."""
    if isinstance(applied, dict) and not schema.whole_map:
        result: Object = dict(cast("Object", live)) if isinstance(live, dict) else {}
        for name, value in cast("Object", applied).items():
            result[name] = merged(result.get(name), value, schema.field(name))
        return result
    if isinstance(applied, list) and not schema.whole_list:
        before = cast("list[Any]", live) if isinstance(live, list) else []
        return _merged_items(before, cast("list[Any]", applied), schema)
    return cast("Any", applied)


def _merged_items(live: list[Any], applied: list[Any], schema: Schema) -> list[Any]:
    """Applied items in their order; items that only the live list has stay behind those that they stood behind."""
    there = {item_step(item, schema.item_keys): item for item in live}
    wanted = {item_step(item, schema.item_keys): item for item in applied}
    shared = [step for step in wanted if step in there]
    waiting = list(there)
    result: list[Any] = []
    for step, item in wanted.items():
        while waiting and waiting[:1] != shared[:1]:
            passed = waiting.pop(0)
            if passed not in wanted:
                result.append(there[passed])
        if step in there:
            shared.remove(step)
            waiting = [one for one in waiting if one != step]
        result.append(merged(there.get(step), item, schema.items) if isinstance(item, dict) else item)
    return result + [there[step] for step in waiting if step not in wanted]


def without(thing: Object, doomed: set[Path], schema: Schema) -> Object:
    """The object without these fields. What becomes empty by that goes too."""
    return cast("Object", _without(thing, to_fields_v1(doomed), schema, ()) or {})


def _without(value: Any, doomed: Object, schema: Schema, keep: tuple[str, ...]) -> Any:
    """None if nothing is left. `keep` names the key fields of a list item: as long as it is there, so are they."""
    if isinstance(value, list):
        left = [_item_without(item, doomed, schema) for item in cast("list[Any]", value)]
        return [item for item in left if item is not None] or None
    if not isinstance(value, dict):
        return value
    result: Object = {}
    for name, entry in cast("Object", value).items():
        inside = doomed.get(f"f:{name}")
        if inside is None or name in keep:
            result[name] = entry
        elif inside and SELF not in inside:
            entry = _without(entry, inside, schema.field(name), ())
            if entry is not None:
                result[name] = entry
    return result or None


def _item_without(item: Any, doomed: Object, schema: Schema) -> Any:
    inside = doomed.get(item_step(item, schema.item_keys))
    if inside is None:
        return item
    if not inside or SELF in inside:
        return None
    return _without(item, inside, schema.items, schema.item_keys)
