"""The store and its journal, and what only so much fits into."""

from pathlib import Path

import pytest

from embedded.kubernetes.admission import quotas
from embedded.kubernetes.errors import ApiError
from embedded.kubernetes.history import Change
from embedded.kubernetes.journal import Journal
from embedded.kubernetes.resources import Resource
from embedded.kubernetes.store import Store
from tests.embedded.kubernetes.client import Object

_PODS = Resource("", "v1", "Pod", "pods", namespaced=True)


def _pod(name: str, *owners: str) -> Object:
    references = [{"uid": owner} for owner in owners]
    return {"metadata": {"name": name, "namespace": "n", "uid": f"uid of {name}", "ownerReferences": references}}


def test_a_store_is_what_its_journal_says(tmp_path: Path) -> None:
    store = Store(Journal(tmp_path / "objects.db"))
    kept = store.put(_PODS, _pod("kept", "owner"))
    store.remove(_PODS, store.put(_PODS, _pod("gone", "owner")))

    again = Store(Journal(tmp_path / "objects.db"))
    again.load(_PODS)
    assert again.all("pods") == [kept]
    assert again.version == store.version
    assert again.dependents("owner") == [(_PODS, kept)]
    assert again.by_uid("uid of gone") is None


def test_listeners_hear_of_each_change_after_it(tmp_path: Path) -> None:
    store = Store(Journal(tmp_path / "objects.db"))
    heard: list[tuple[str, int, int]] = []

    def listen(change: Change) -> None:
        heard.append((change.type, change.version, store.count("pods")))

    store.listen(listen)
    first = store.put(_PODS, _pod("a"))
    store.put(_PODS, first)
    store.remove(_PODS, first)
    start = store.version - 3
    assert heard == [("ADDED", start + 1, 1), ("MODIFIED", start + 2, 1), ("DELETED", start + 3, 0)]


def test_a_change_leaves_the_object_before_as_it_was(tmp_path: Path) -> None:
    store = Store(Journal(tmp_path / "objects.db"))
    first = store.put(_PODS, _pod("a"))
    second = store.put(_PODS, {**first, "spec": {"x": 1}})
    assert "spec" not in first
    assert int(second["metadata"]["resourceVersion"]) == int(first["metadata"]["resourceVersion"]) + 1


def test_a_pod_too_many_is_refused(tmp_path: Path) -> None:
    store = Store(Journal(tmp_path / "objects.db"))
    for number in range(quotas.MOST_PODS - 1):
        store.put(_PODS, _pod(str(number)))
    quotas.check(store, _PODS, _pod("last"))
    store.put(_PODS, _pod("last"))
    with pytest.raises(ApiError, match="this cluster runs at most 2000 pods"):
        quotas.check(store, _PODS, _pod("one more"))
