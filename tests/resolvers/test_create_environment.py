"""createEnvironment."""

import pytest

from models.columns import new_id
from tests.jobs.seeds import Seed
from tests.resolvers.mutating import Asked, at_once, issues, mutate, nothing_changed
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import project_id, running, unused_name


@pytest.fixture
def neighbour(api: Api) -> Seed:
    """Another environment of the project."""
    return running(api)


def test_an_environment_is_created_with_defaults(api: Api, neighbour: Seed) -> None:
    name = unused_name()

    answer = mutate(api, "createEnvironment", projectId=project_id(neighbour), name=name)

    assert answer["__typename"] == "EnvironmentCreated"
    assert answer["environment"] == {
        "id": answer["environment"]["id"],
        "name": name,
        "phase": "INITIALIZING",
        "protected": False,
        "cluster": "local",
        "namespace": name,
        "domain": None,
    }


def test_what_is_said_is_taken(api: Api, neighbour: Seed) -> None:
    namespace = unused_name()

    answer = mutate(
        api,
        "createEnvironment",
        projectId=project_id(neighbour),
        name=unused_name(),
        cluster="other",
        namespace=namespace,
        domain="Staging.Example.COM.",
        protected=True,
    )["environment"]

    assert (answer["cluster"], answer["namespace"]) == ("other", namespace)
    assert (answer["domain"], answer["protected"]) == ("staging.example.com", True)


BAD: list[tuple[str, str, str]] = [
    ("name", "", "is empty"),
    ("name", "Nope!", "lower-case letters"),
    ("name", "x" * 41, "at most 40"),
    ("name", "kube-mine", "of Kubernetes itself"),
    ("namespace", "kube-system", "of Kubernetes itself"),
    ("namespace", "default", "of Kubernetes itself"),
    ("namespace", "a.b", "not a DNS label"),
    ("namespace", "x" * 64, "at most 63"),
    ("domain", "", "at least two labels"),
    ("domain", "localhost", "at least two labels"),
    ("domain", "*.example.com", "wildcard"),
    ("domain", "a_b.example.com", "not a DNS label"),
    ("domain", "example..com", "a dot too many"),
    ("domain", "10.0.0.1", "as an IP address does"),
    ("domain", "x." * 130 + "com", "has 263 characters"),
    ("cluster", "elsewhere", "elsewhere"),
    ("idempotencyKey", "x" * 256, "255"),
]


@pytest.mark.parametrize(("field", "value", "words"), BAD)
def test_bad_input_is_pointed_at_and_leaves_nothing(
    api: Api, neighbour: Seed, field: str, value: str, words: str
) -> None:
    asked = {"projectId": project_id(neighbour), "name": unused_name(), field: value}
    with nothing_changed(api):
        answer = mutate(api, "createEnvironment", **asked)

    [(path, message)] = issues(answer).items()
    assert path == (field,)
    assert words in message


def test_a_taken_name_or_namespace_is_refused(api: Api, neighbour: Seed) -> None:
    taken = neighbour.environment().name
    for asked in ({"name": taken}, {"name": unused_name(), "namespace": taken}):
        with nothing_changed(api):
            answer = mutate(api, "createEnvironment", projectId=project_id(neighbour), **asked)

        assert answer["__typename"] == "AlreadyExists"


@pytest.mark.parametrize("given", ["", "nonsense", new_id("prj"), new_id("env"), "prj_\0"])
def test_an_unknown_project_is_not_found(api: Api, given: str) -> None:
    with nothing_changed(api):
        answer = mutate(api, "createEnvironment", projectId=given, name=unused_name())

    assert answer["__typename"] == ("InvalidInput" if "\0" in given else "NotFound")


def test_the_same_key_gives_the_same_environment(api: Api, neighbour: Seed) -> None:
    asked: Asked = {"projectId": project_id(neighbour), "name": unused_name(), "idempotencyKey": unused_name()}
    [first, *others] = at_once(api, "createEnvironment", asked)

    with nothing_changed(api):
        again = mutate(api, "createEnvironment", **asked)
        clash = mutate(api, "createEnvironment", **{**asked, "name": unused_name()})

    assert again == first
    assert others == [first] * 7
    assert clash["__typename"] == "IdempotencyConflict"
    assert clash["idempotent"] is None
