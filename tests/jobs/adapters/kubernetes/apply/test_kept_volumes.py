"""What becomes of a volume that outlived its service when a service asks for it again."""

from dataclasses import replace
from typing import Any

import pytest

from jobs.adapters.kubernetes import labels
from jobs.adapters.kubernetes.api import MERGE
from jobs.adapters.kubernetes.cluster import KubernetesCluster
from jobs.adapters.kubernetes.json import JsonObject, labels_of, part, uid_of
from jobs.adapters.kubernetes.kinds import CLAIM, DEPLOYMENT
from jobs.errors import Permanent
from jobs.ports import ServiceRef
from models.configuration import Volume
from models.vocabulary import VolumePolicy
from tests.jobs.adapters.kubernetes.settled import settled
from tests.jobs.adapters.kubernetes.site import Site

DATA = "web.data"


def volume(size: int = 2, policy: VolumePolicy = VolumePolicy.RETAIN) -> dict[str, Any]:
    return {"volumes": (Volume(name="data", mount_path="/data", size_gib=size, on_delete=policy),)}


@pytest.fixture
def kept(cluster: KubernetesCluster, site: Site) -> JsonObject:
    """The claim of a service `web` that was deleted."""
    cluster.apply(site.service, site.desired(1, **volume()))
    remove(cluster, site.service)
    return site.get(CLAIM, DATA)


def remove(cluster: KubernetesCluster, service: ServiceRef) -> None:
    settled(lambda: cluster.remove_workloads(service.environment, service, 2))
    settled(lambda: cluster.remove_resources(service.environment, service, 2))


def namesake(site: Site) -> ServiceRef:
    """The service as it is when it was added again."""
    return replace(site.service, id=f"{site.service.id}_again")


def test_the_next_service_of_that_name_uses_it_and_says_so(
    cluster: KubernetesCluster, site: Site, kept: JsonObject
) -> None:
    again = namesake(site)

    applied = cluster.apply(again, site.desired(3, **volume()))

    assert [(ref.kind, ref.name, ref.uid) for ref in applied.adopted] == [(CLAIM.kind, DATA, uid_of(kept))]
    claim = site.get(CLAIM, DATA)
    assert labels_of(claim)[labels.SERVICE] == again.id
    pod = part(site.get(DEPLOYMENT), "spec", "template", "spec")
    assert pod["volumes"] == [{"name": "data", "persistentVolumeClaim": {"claimName": DATA}}]
    assert cluster.apply(again, site.desired(4, **volume())).adopted == []


def test_it_goes_with_the_next_service_if_that_one_says_so(
    cluster: KubernetesCluster, site: Site, kept: JsonObject
) -> None:
    again = namesake(site)
    cluster.apply(again, site.desired(3, **volume(policy=VolumePolicy.DELETE)))

    settled(lambda: cluster.remove_workloads(again.environment, again, 4))
    settled(lambda: cluster.remove_resources(again.environment, again, 4))

    assert site.find(CLAIM, DATA) is None


def test_less_room_than_it_has_is_refused_before_anything_is_written(
    cluster: KubernetesCluster, site: Site, kept: JsonObject
) -> None:
    with pytest.raises(Permanent, match=r"PersistentVolumeClaim web.data can't go from 2Gi to 1Gi: .* Ask for 2Gi"):
        cluster.apply(namesake(site), site.desired(3, **volume(1)))

    assert site.find(DEPLOYMENT) is None
    assert site.get(CLAIM, DATA) == kept


def test_a_service_of_another_name_does_not_get_it(cluster: KubernetesCluster, site: Site, kept: JsonObject) -> None:
    """Whose claim happens to have that name, made by hand for example."""
    other = {"metadata": {"labels": {labels.NAME: "web2"}}}
    site.api.call("PATCH", site.path(CLAIM, DATA), body=other, content_type=MERGE)

    with pytest.raises(Permanent, match="is there already"):
        cluster.apply(namesake(site), site.desired(3, **volume()))


def test_one_that_is_not_to_be_kept_is_somebody_else_s(cluster: KubernetesCluster, site: Site) -> None:
    cluster.apply(site.service, site.desired(1, **volume(policy=VolumePolicy.DELETE)))

    with pytest.raises(Permanent, match="is there already"):
        cluster.apply(namesake(site), site.desired(3, **volume()))


def test_another_environment_gets_it_only_by_hand(cluster: KubernetesCluster, site: Site, kept: JsonObject) -> None:
    """Its data are of those who may see the environment that it was kept from."""
    environment = replace(site.service.environment, id=f"{site.service.environment.id}_next")
    there = replace(namesake(site), environment=environment)

    with pytest.raises(Permanent) as refused:
        cluster.apply(there, site.desired(1, **volume()))

    assert f"managed by environment {site.service.environment.id}. It was kept there" in refused.value.message
    command = f"pvc/{DATA} {labels.ENVIRONMENT}={environment.id}"
    assert command in refused.value.message
    assert site.find(DEPLOYMENT) is None

    site.edit(CLAIM, {"metadata": {"labels": {labels.ENVIRONMENT: environment.id}}}, DATA)
    applied = cluster.apply(there, site.desired(3, **volume()))
    assert [ref.uid for ref in applied.adopted] == [uid_of(kept)]
