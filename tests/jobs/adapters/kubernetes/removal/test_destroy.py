"""A whole environment, taken away step by step."""

from dataclasses import replace
from typing import Any, cast

from jobs.adapters.kubernetes.cluster import KubernetesCluster
from jobs.adapters.kubernetes.inventory import inventory
from jobs.adapters.kubernetes.kinds import CONFIG_MAP, DEPLOYMENT, NAMESPACE, POD, SECRET, SERVICE
from jobs.adapters.kubernetes.manifests import BuildSettings
from jobs.adapters.kubernetes.removal import remove_namespace, remove_resources, remove_workloads
from jobs.context import StepContext
from jobs.plans.destroy_environment import DESTROY_ENVIRONMENT
from models.operation import Facts
from tests.jobs.adapters.kubernetes.interposed import Interposed
from tests.jobs.adapters.kubernetes.places import BUILDS, FENCE, Place, config, settled
from tests.jobs.scripted import Scripted, World

SERVICES = 12


def fill(place: Place) -> int:
    for number in range(SERVICES):
        service = place.another(f"svc-{number}")
        place.deployment(service.name, replicas=3, service=service)
        place.ours(CONFIG_MAP, service.name, config(), service)
        place.ours(SECRET, service.name, {"stringData": {"a": "b"}}, service)
        place.ours(SERVICE, service.name, {"spec": {"ports": [{"port": 80}]}}, service)

    place.pods_run(3 * SERVICES)
    return SERVICES * (4 + 1 + 3)


def destroy(place: Place) -> str | None:
    settled(lambda: remove_workloads(place.api, place.environment, None, FENCE, BUILDS))
    settled(lambda: remove_resources(place.api, place.environment, None, FENCE))
    return settled(lambda: remove_namespace(place.api, place.environment, FENCE))


def walk(place: Place) -> dict[str, str | None]:
    """Every step of a destroy, over the port; what each said in the end."""
    world = World()
    cluster = KubernetesCluster(place.api, BuildSettings(namespace=BUILDS))
    context = StepContext(
        number=FENCE + 1,
        environment=place.environment,
        ports=replace(world.ports(), cluster=cluster),
        records=cast(Any, Scripted("records", world)),
        facts=Facts(),
    )
    return {name: settled(lambda run=step.run: run(context)).message for name, step in DESTROY_ENVIRONMENT.items()}


def test_every_step_of_a_destroy_ends_and_the_last_finds_nothing(staging: Place) -> None:
    fill(staging)

    said = walk(staging)

    assert said["inventory"] == f"{SERVICES * 4 + 1} objects to remove."
    assert said["namespace"] == f"Namespace {staging.namespace} is gone."
    assert said["verify"] == "Everything was looked for, and nothing found."


def test_a_destroy_ends_beside_what_is_not_ours(staging: Place) -> None:
    staging.ours(CONFIG_MAP, "web", config())
    staging.make(CONFIG_MAP, "theirs", config())

    said = walk(staging)

    assert said["inventory"] == "1 objects to remove. 2 stay."
    assert said["namespace"] == f"Namespace {staging.namespace} stays: it holds what is not ours: ConfigMap theirs."
    assert said["verify"] == "Everything was looked for, and nothing found."
    assert "web" not in staging.names(CONFIG_MAP)
    assert "theirs" in staging.names(CONFIG_MAP)


def test_a_namespace_of_ours_goes_with_few_calls(staging: Place, api: Interposed) -> None:
    objects = fill(staging)
    api.calls.clear()

    assert destroy(staging) is None

    writes = api.count("DELETE") + api.count("PATCH") + api.count("POST")
    assert writes < objects / 3
    assert api.find(NAMESPACE.path(name=staging.namespace)) is None
    assert not inventory(api, staging.environment, None, BUILDS).removals


def test_in_a_namespace_of_others_ours_go_with_few_calls(shared: Place, api: Interposed) -> None:
    objects = fill(shared)
    shared.make(CONFIG_MAP, "theirs", config())
    api.calls.clear()

    assert destroy(shared) == "it was not created here"

    writes = api.count("DELETE") + api.count("PATCH") + api.count("POST")
    assert writes < objects / 3
    assert shared.names(DEPLOYMENT) == shared.names(POD) == []
    assert "theirs" in shared.names(CONFIG_MAP)
    assert not inventory(api, shared.environment, None, BUILDS).removals
