"""Strategic merge patch: a merge patch that knows by which field the items of a list are told apart.

Its directives: `$patch` (delete, replace, merge), `$retainKeys`, `$deleteFromPrimitiveList/<field>`,
`$setElementOrder/<field>`.
"""

from typing import Any, cast

from embedded.kubernetes.errors import bad_request
from embedded.kubernetes.objects import Object
from embedded.kubernetes.schema.nodes import Schema

_DELETE_VALUES = "$deleteFromPrimitiveList/"
_ORDER = "$setElementOrder/"


def merged(target: Object | None, patch: Object, schema: Schema) -> Object:
    """The target with the patch over it. Neither is changed. Raises ApiError (400) for a malformed directive."""
    if patch.get("$patch") == "replace":
        return {name: value for name, value in patch.items() if name != "$patch"}
    if patch.get("$patch") == "delete":
        return {}
    result = dict(target or {})
    for name, value in patch.items():
        if name.startswith("$"):
            continue
        if value is None:
            result.pop(name, None)
        else:
            result[name] = _value(result.get(name), value, schema.field(name))
    _follow_directives(result, patch, schema)
    return result


def _follow_directives(result: Object, patch: Object, schema: Schema) -> None:
    for name, value in patch.items():
        if not name.startswith("$") or name == "$patch":
            continue
        if not isinstance(value, list):
            raise bad_request(f"invalid value for the directive {name}: a list is expected")
        named = cast("list[Any]", value)
        if name.startswith(_DELETE_VALUES):
            _delete_values(result, name.removeprefix(_DELETE_VALUES), named)
        elif name.startswith(_ORDER):
            field = name.removeprefix(_ORDER)
            _order(result, field, named, schema.field(field).merge_key)
        elif name == "$retainKeys":
            for field in result.keys() - set(map(str, named)):
                del result[field]


def _value(old: Any, new: Any, schema: Schema) -> Any:
    if isinstance(new, dict):
        return merged(cast("Object", old) if isinstance(old, dict) else None, cast("Object", new), schema)
    if not isinstance(new, list):
        return new
    before = cast("list[Any]", old) if isinstance(old, list) else []
    if schema.merge_key:
        return _items(before, cast("list[Any]", new), schema)
    if schema.merges_values:
        return list(dict.fromkeys([*before, *cast("list[str]", new)]))
    return cast("list[Any]", new)


def _items(old: list[Any], new: list[Any], schema: Schema) -> list[Any]:
    key = schema.merge_key
    if any(item == {"$patch": "replace"} for item in new):
        return [item for item in new if item != {"$patch": "replace"}]
    result: list[Object] = list(old)
    for item in new:
        if not isinstance(item, dict) or key not in item:
            raise bad_request(f"map: {item} does not contain declared merge key: {key}")
        change = cast("Object", item)
        place = next((n for n, one in enumerate(result) if one.get(key) == change[key]), None)
        if change.get("$patch") == "delete":
            result = [one for one in result if one.get(key) != change[key]]
        elif place is None:
            result.append(merged(None, change, schema.items))
        else:
            result[place] = merged(result[place], change, schema.items)
    return result


def _delete_values(result: Object, field: str, doomed: list[Any]) -> None:
    if isinstance(result.get(field), list):
        result[field] = [value for value in result[field] if value not in doomed]


def _order(result: Object, field: str, order: list[Any], key: str) -> None:
    """Puts the items that are named into that order, before those that are not."""
    if not isinstance(result.get(field), list):
        return
    places = {str(_identity(item, key)): place for place, item in enumerate(order)}
    items = cast("list[Any]", result[field])
    result[field] = sorted(items, key=lambda item: places.get(str(_identity(item, key)), len(places)))


def _identity(item: Any, key: str) -> Any:
    return cast("Object", item).get(key) if key and isinstance(item, dict) else item
