"""What carries our labels and belongs to no environment that anybody knows."""

import pytest

from jobs.adapters.kubernetes.api import MERGE
from jobs.adapters.kubernetes.json import name_of
from jobs.adapters.kubernetes.kinds import CONFIG_MAP, PERSISTENT_VOLUME, SECRET
from jobs.adapters.kubernetes.labels import ENVIRONMENT, INSTALLATION, MANAGED_BY, MANAGER
from jobs.adapters.kubernetes.leftovers import leftovers
from jobs.errors import Transient
from jobs.ports import Known, Leftover
from tests.jobs.adapters.kubernetes.interposed import Interposed
from tests.jobs.adapters.kubernetes.places import Place, config

INSTALLATION_ID = "one"


def of(place: Place, known: list[str]) -> set[tuple[str | None, str, str]]:
    """The leftovers of one environment: others share the server."""
    found = [
        one
        for one in leftovers(place.api, Known(INSTALLATION_ID, lambda: known))
        if one.environment_id == place.environment.id
    ]
    return {(one.namespace, one.object.kind, one.object.name) for one in found}


def test_what_no_environment_owns_is_listed_wherever_it_is(staging: Place) -> None:
    staging.deployment()
    staging.make(CONFIG_MAP, "theirs", config())
    _, volume = staging.volume("web.data", on_delete="RETAIN")
    labels = {MANAGED_BY: MANAGER, ENVIRONMENT: staging.environment.id}
    path = PERSISTENT_VOLUME.path(name=name_of(volume))
    staging.api.call("PATCH", path, body={"metadata": {"labels": labels}}, content_type=MERGE)

    assert of(staging, ["env_another"]) == {
        (None, "Namespace", staging.namespace),
        (None, "PersistentVolume", name_of(volume)),
        (staging.namespace, "Deployment", "web"),
        (staging.namespace, "PersistentVolumeClaim", "web.data"),
    }
    assert of(staging, [staging.environment.id]) == set()


def test_what_another_installation_has_in_the_cluster_is_no_matter_of_ours(staging: Place) -> None:
    marks = {MANAGED_BY: MANAGER, ENVIRONMENT: staging.environment.id}
    staging.make(CONFIG_MAP, "ours", labels={**marks, INSTALLATION: INSTALLATION_ID})
    staging.make(CONFIG_MAP, "theirs", labels={**marks, INSTALLATION: "another"})
    staging.make(CONFIG_MAP, "older", labels=marks)

    found = of(staging, [])

    assert {name for _, kind, name in found if kind == "ConfigMap"} == {"ours", "older"}


def test_what_only_says_that_it_is_ours_is_nobodys(staging: Place) -> None:
    staging.make(SECRET, "half", labels={MANAGED_BY: MANAGER})

    found: list[Leftover] = list(leftovers(staging.api, Known(INSTALLATION_ID, list)))

    assert not [one for one in found if one.object.name == "half"]


def test_a_part_that_can_not_be_asked_is_not_taken_for_empty(staging: Place, api: Interposed) -> None:
    broken = {"metadata": {"name": "broken.example.com"}, "versions": [{"version": "v1", "freshness": "Stale"}]}
    api.spoil("GET /apis", lambda answer: {**answer, "items": [*answer["items"], broken]})

    with pytest.raises(Transient, match=r"broken\.example\.com/v1"):
        leftovers(staging.api, Known(INSTALLATION_ID, list))
