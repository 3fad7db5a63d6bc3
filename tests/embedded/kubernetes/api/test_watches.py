"""Watches: what they tell, from where, and when they end."""

from collections.abc import Iterator
from itertools import islice

import pytest

from embedded import kubernetes
from embedded.kubernetes import RunningKubernetes
from tests.embedded.kubernetes.client import Client, Object, config_map


def _told(events: Iterator[Object], count: int) -> list[tuple[str, str]]:
    return [(event["type"], event["object"]["metadata"]["name"]) for event in islice(events, count)]


def _version(client: Client, path: str) -> str:
    return client.get(path)["metadata"]["resourceVersion"]


def test_tells_what_changed_after_a_version(client: Client, core: str) -> None:
    path = f"{core}/secrets"
    client.post(path, {"metadata": {"name": "before"}})
    version = _version(client, path)
    client.post(path, {"metadata": {"name": "a"}})
    with client.watch(path, resourceVersion=version) as events:
        client.patch(f"{path}/a", {"metadata": {"labels": {"x": "1"}}})
        client.delete(f"{path}/a")
        told = list(islice(events, 3))
    assert [(one["type"], one["object"]["metadata"]["name"]) for one in told] == [
        ("ADDED", "a"),
        ("MODIFIED", "a"),
        ("DELETED", "a"),
    ]
    versions = [int(one["object"]["metadata"]["resourceVersion"]) for one in told]
    assert int(version) < versions[0] < versions[1] < versions[2]
    assert told[2]["object"]["metadata"]["labels"] == {"x": "1"}


def test_a_watch_from_a_deletion_does_not_tell_it_again(client: Client, core: str) -> None:
    path = f"{core}/secrets"
    version = _version(client, path)
    client.post(path, {"metadata": {"name": "a"}})
    client.delete(f"{path}/a")
    with client.watch(path, resourceVersion=version) as events:
        deleted = list(islice(events, 2))[-1]
    client.post(path, {"metadata": {"name": "b"}})
    with client.watch(path, resourceVersion=deleted["object"]["metadata"]["resourceVersion"]) as events:
        assert _told(events, 1) == [("ADDED", "b")]


def test_without_a_version_it_starts_with_what_is_there(client: Client, core: str) -> None:
    path = f"{core}/secrets"
    client.post(path, {"metadata": {"name": "a"}})
    with client.watch(path) as events:
        client.post(path, {"metadata": {"name": "b"}})
        assert _told(events, 2) == [("ADDED", "a"), ("ADDED", "b")]


def test_what_leaves_the_selection_is_deleted_and_what_enters_it_added(client: Client, core: str) -> None:
    path = f"{core}/secrets"
    client.post(path, {"metadata": {"name": "a", "labels": {"w": "1"}}})
    version = _version(client, path)
    with client.watch(path, resourceVersion=version, labelSelector="w=1") as events:
        client.patch(f"{path}/a", {"metadata": {"labels": {"w": "2"}}})
        client.patch(f"{path}/a", {"metadata": {"labels": {"v": "1"}}})
        client.patch(f"{path}/a", {"metadata": {"labels": {"w": "1"}}})
        assert _told(events, 2) == [("DELETED", "a"), ("ADDED", "a")]


def test_initial_events_end_with_a_bookmark(client: Client, core: str) -> None:
    path = f"{core}/secrets"
    client.post(path, {"metadata": {"name": "a"}})
    wanted = {"sendInitialEvents": "true", "allowWatchBookmarks": "true", "resourceVersionMatch": "NotOlderThan"}
    with client.watch(path, **wanted) as events:
        first, mark = list(islice(events, 2))
        client.post(path, {"metadata": {"name": "b"}})
        assert _told(events, 1) == [("ADDED", "b")]
    assert (first["type"], mark["type"]) == ("ADDED", "BOOKMARK")
    assert mark["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}
    assert int(mark["object"]["metadata"]["resourceVersion"]) >= int(first["object"]["metadata"]["resourceVersion"])
    refused = client.call("GET", path, watch="true", sendInitialEvents="true")
    assert (refused.code, refused.reason) == (422, "Invalid")


def test_it_ends_when_its_time_is_over(client: Client, core: str) -> None:
    with client.watch(
        f"{core}/secrets", resourceVersion=_version(client, core + "/secrets"), timeoutSeconds=1
    ) as events:
        assert list(events) == []


def test_metadata_only(client: Client, core: str) -> None:
    client.post(f"{core}/secrets", {"metadata": {"name": "a"}, "stringData": {"k": "v"}})
    accept = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
    answer = client.call("GET", f"{core}/secrets", accept=accept, watch="true", timeoutSeconds=1)
    assert set(answer.body["object"]) == {"kind", "apiVersion", "metadata"}


@pytest.mark.parametrize("version", ["x", "-1"])
def test_a_version_that_is_none_is_refused(client: Client, core: str, version: str) -> None:
    assert client.call("GET", f"{core}/secrets", watch="true", resourceVersion=version).code == 400


def test_a_version_from_before_this_run_is_gone(own_server: RunningKubernetes, own_client: Client) -> None:
    path = "/api/v1/namespaces/default/configmaps"
    version = own_client.post(path, config_map("a"))["metadata"]["resourceVersion"]
    own_client.post(path, config_map("b"))
    own_server.stop()
    again = kubernetes.start(own_server.kubeconfig.parent)
    try:
        with own_client.watch(path, resourceVersion=version) as events:
            told = next(events)
            assert next(events, None) is None
        assert told["type"] == "ERROR"
        assert (told["object"]["code"], told["object"]["reason"]) == (410, "Expired")
        assert "too old resource version" in told["object"]["message"]
    finally:
        again.stop()
