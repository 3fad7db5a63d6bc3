"""The algebra of patches and of server-side apply, on objects of any shape."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedded.kubernetes.apply.fields import fields_of
from embedded.kubernetes.apply.managers import Manager, after_update, managers_of, set_managers
from embedded.kubernetes.apply.paths import from_fields_v1, to_fields_v1
from embedded.kubernetes.apply.server_side import applied
from embedded.kubernetes.errors import ApiError
from embedded.kubernetes.objects import Object, copied
from embedded.kubernetes.patches import json_patch, merge, strategic
from embedded.kubernetes.schema.built_in import Definitions

_POD = Definitions().schema("", "v1", "Pod")
_names = st.sampled_from("abcd")
_values = st.sampled_from("123")
_scalars = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), _values)
_json = st.recursive(_scalars, lambda inside: st.one_of(st.lists(inside, max_size=3), st.dictionaries(_names, inside)))
_objects = st.dictionaries(_names, _json, max_size=4)


def _container(name: str, image: str, env: dict[str, str], args: list[str]) -> Object:
    container: Object = {"name": name, "image": image}
    if env:
        container["env"] = [{"name": key, "value": value} for key, value in env.items()]
    return {**container, "args": args} if args else container


_env = st.dictionaries(_names, _values, max_size=3)
_containers = st.dictionaries(_names, st.tuples(_values, _env, st.lists(_values, max_size=2)), max_size=3)


@st.composite
def _pods(draw: st.DrawFn) -> Object:
    """What somebody may apply: labels, containers told apart by their names, variables in them, an atomic list."""
    spec: Object = {
        "containers": [_container(name, *fields) for name, fields in draw(_containers).items()],
        "hostname": draw(_values),
    }
    labels = draw(st.dictionaries(_names, _values, max_size=3))
    finalizers = draw(st.lists(st.sampled_from(("x.test/a", "x.test/b")), unique=True))
    metadata: Object = {"name": "p", "labels": labels, "finalizers": finalizers}
    return _without_empty({"metadata": metadata, "spec": spec})


def _without_empty(thing: Any) -> Any:
    if isinstance(thing, dict):
        left: Object = {name: _without_empty(value) for name, value in thing.items()}  # pyright: ignore[reportUnknownVariableType]
        return {name: value for name, value in left.items() if value not in ({}, [])}
    return thing


def _apply(live: Object | None, configuration: Object, name: str = "m1", *, force: bool = False) -> Object:
    manager = Manager(name, "Apply", "v1")
    result, managers = applied(live, copied(configuration), manager, _POD, force=force)
    result = copied(result)
    set_managers(result, managers, live, manager)
    return result


def _content(pod: Object) -> Object:
    """Without who owns what, and without an order where there is none."""
    bare = copied(pod)
    bare["metadata"].pop("managedFields", None)
    for container in bare.get("spec", {}).get("containers", []):
        container["env"] = sorted(container.get("env", []), key=lambda one: one["name"])
    bare.setdefault("spec", {})["containers"] = sorted(bare["spec"].get("containers", []), key=lambda one: one["name"])
    bare["metadata"]["finalizers"] = sorted(bare["metadata"].get("finalizers", []))
    return bare


@given(_objects, _objects)
def test_a_merge_patch_applied_twice_is_applied_once(target: Object, patch: Object) -> None:
    before = copied(target)
    once = merge.merged(target, patch)
    assert merge.merged(once, patch) == once
    assert target == before


@given(_objects, _objects)
def test_a_merge_patch_sets_what_it_says_and_leaves_the_rest(target: Object, patch: Object) -> None:
    result = merge.merged(target, patch)
    for name in target.keys() - patch.keys():
        assert result[name] == target[name]
    for name, value in patch.items():
        assert (name not in result) if value is None else (isinstance(value, dict) or result[name] == value)


@given(_objects)
def test_a_merge_patch_of_nulls_empties(target: Object) -> None:
    assert merge.merged(target, dict.fromkeys(target)) == {}


@given(_pods(), _pods())
def test_a_strategic_patch_applied_twice_is_applied_once(target: Object, patch: Object) -> None:
    before = copied(target)
    once = strategic.merged(target, patch, _POD)
    assert _content(strategic.merged(once, patch, _POD)) == _content(once)
    assert target == before


@given(_pods(), _pods())
def test_a_strategic_patch_keeps_the_containers_it_does_not_name(target: Object, patch: Object) -> None:
    def names(pod: Object) -> set[str]:
        return {one["name"] for one in pod["spec"].get("containers", [])}

    assert names(strategic.merged(target, patch, _POD)) == names(target) | names(patch)


@given(_objects, _names, _scalars)
def test_a_json_patch_adds_and_removes(target: Object, name: str, value: Any) -> None:
    added = json_patch.patched(target, [{"op": "add", "path": f"/{name}", "value": value}])
    assert added == {**target, name: value}
    removed = json_patch.patched(added, [{"op": "remove", "path": f"/{name}"}])
    assert removed == {key: one for key, one in target.items() if key != name}


@given(_pods())
def test_field_sets_survive_being_written(pod: Object) -> None:
    paths = set(fields_of(pod, _POD))
    assert from_fields_v1(copied(to_fields_v1(paths))) == paths


@given(_pods())
def test_applying_again_changes_nothing(pod: Object) -> None:
    once = _apply(None, pod)
    assert _apply(once, pod) == once


@given(_pods(), _pods())
def test_what_a_single_manager_applies_is_what_is_there(first: Object, second: Object) -> None:
    """Whatever is dropped is pruned, whatever is added is there."""
    assert _content(_apply(_apply(None, first), second)) == _content(second)


@given(_pods(), _pods())
def test_applied_and_dropped_leaves_no_trace_on_what_others_own(others: Object, mine: Object) -> None:
    start = _apply(None, others, "m2")
    result = _apply(_apply(start, mine, force=True), {"metadata": {"name": "p"}})
    lost = fields_of(mine, _POD).keys() & fields_of(others, _POD).keys()
    left = fields_of(result, _POD)
    for path, value in fields_of(others, _POD).items():
        if path not in lost:
            assert left[path] == value


@given(_pods(), _pods())
def test_a_conflict_or_both_have_what_they_want(others: Object, mine: Object) -> None:
    start = _apply(None, others, "m2")
    wanted, owned = fields_of(mine, _POD), fields_of(others, _POD)
    clash = any(path in owned and owned[path] != value for path, value in wanted.items())
    if clash:
        with pytest.raises(ApiError, match="Apply failed with"):
            _apply(start, mine)
    forced = fields_of(_apply(start, mine, force=True), _POD)
    assert wanted.items() <= forced.items()
    if not clash:
        assert owned.items() <= fields_of(_apply(start, mine), _POD).items()


@given(_pods(), _pods())
def test_an_update_takes_exactly_what_it_changed(before: Object, after: Object) -> None:
    start = _apply(None, before)
    hand = Manager("hand", "Update", "v1")
    owners = after_update(managers_of(start), hand, start, after, _POD)
    old, new = fields_of(before, _POD), fields_of(after, _POD)
    changed = {path for path, value in new.items() if path not in old or old[path] != value}
    assert owners[hand] == changed
    assert {path for manager, paths in owners.items() if manager != hand for path in paths} == new.keys() - changed
