"""What a preview tells, and that it does nothing."""

from typing import Any

import pytest

from jobs.adapters.kubernetes import labels
from jobs.adapters.kubernetes.cluster import KubernetesCluster
from jobs.adapters.kubernetes.kinds import CONFIG_MAP, DEPLOYMENT, SECRET
from jobs.errors import Permanent
from jobs.ports import FieldChange, ObjectChange
from models.configuration import DeploymentSettings, Variable, Volume
from models.vocabulary import ObjectAction, VolumePolicy
from tests.jobs.adapters.kubernetes.apply.everything import EVERYTHING, FOREIGN, NAMES, NETWORK
from tests.jobs.adapters.kubernetes.site import Site
from tests.jobs.adapters.proxy import FaultProxy


def by_name(changes: Any) -> dict[tuple[str, str], ObjectChange]:
    return {(change.kind, change.name): change for change in changes}


def test_of_a_new_service_everything_is_created(cluster: KubernetesCluster, site: Site, proxy: FaultProxy) -> None:
    changes = by_name(cluster.preview(site.service, site.desired(**EVERYTHING)))

    assert set(changes) == NAMES
    assert {change.action for change in changes.values()} == {ObjectAction.CREATE}
    assert site.everything() == {}
    assert proxy.count("dry POST deployments") == 1


def test_nothing_changes_when_the_same_is_asked_for(cluster: KubernetesCluster, site: Site) -> None:
    cluster.apply(site.service, site.desired(1, **EVERYTHING))
    assert cluster.preview(site.service, site.desired(9, revision=4, **EVERYTHING)) == []


def test_tells_each_field_that_changes_and_changes_none(
    cluster: KubernetesCluster, site: Site, proxy: FaultProxy
) -> None:
    cluster.apply(site.service, site.desired(1, **EVERYTHING))
    site.edit(DEPLOYMENT, {"metadata": {"annotations": {"team": "blue"}}})
    before = {key: one.get("spec") or one.get("data") for key, one in site.everything().items()}
    changed: dict[str, Any] = {
        "deployment": DeploymentSettings(replicas=3),
        "networking": NETWORK.model_copy(update={"ingress": ()}),
        "variables": (
            Variable(name="COLOUR", value="red"),
            Variable(name="NEW", value="1"),
            *EVERYTHING["variables"][2:],
        ),
        "volumes": EVERYTHING["volumes"],
        "secrets": {"PASSWORD": "other", "TOKEN": "t0ken"},
    }
    proxy.clear()

    changes = by_name(cluster.preview(site.service, site.desired(2, image="web:2", **changed)))

    assert changes["ConfigMap", "web"] == ObjectChange(
        ObjectAction.CHANGE,
        "ConfigMap",
        "web",
        [
            FieldChange("data.COLOUR", "blue", "red"),
            FieldChange("data.SIZE", "big", None),
            FieldChange("data.NEW", None, "1"),
        ],
    )
    fields = {field.path: (field.before, field.after) for field in changes["Deployment", "web"].fields}
    image = fields["spec.template.spec.containers[name=web].image"]
    assert image == ("ghcr.io/acme/web:1.4.0", "web:2")
    assert fields["spec.replicas"] == ("2", "3")
    assert not [path for path in fields if "team" in path or labels.OPERATION in path or "status" in path]
    assert changes["Ingress", "web"].action is ObjectAction.REMOVE
    assert changes["HorizontalPodAutoscaler", "web"].action is ObjectAction.REMOVE
    assert not {("Service", "web"), ("PersistentVolumeClaim", "web.data")} & set(changes)

    assert {key: one.get("spec") or one.get("data") for key, one in site.everything().items()} == before
    assert {request.method for request in proxy.seen if "dryRun=All" not in request.path} == {"GET"}


def test_no_secret_is_shown(cluster: KubernetesCluster, site: Site) -> None:
    cluster.apply(site.service, site.desired(1, **EVERYTHING))
    changed: dict[str, Any] = {**EVERYTHING, "secrets": {"TOKEN": "t0ken"}}
    changes = cluster.preview(site.service, site.desired(2, **changed))

    assert by_name(changes)["Secret", "web"].fields == [
        FieldChange("data.PASSWORD", "(hidden)", None),
        FieldChange("data.TOKEN", None, "(hidden)"),
    ]


def test_a_volume_to_be_retained_is_not_among_what_goes(cluster: KubernetesCluster, site: Site) -> None:
    kept = Volume(name="data", mount_path="/data", size_gib=1, on_delete=VolumePolicy.RETAIN)
    cluster.apply(site.service, site.desired(1, volumes=(kept,)))
    assert ("PersistentVolumeClaim", "web.data") not in by_name(cluster.preview(site.service, site.desired(2)))


@pytest.mark.parametrize("kind", [CONFIG_MAP, SECRET], ids=["ConfigMap", "Secret"])
def test_says_what_an_apply_would_be_refused(cluster: KubernetesCluster, site: Site, kind: Any) -> None:
    body = next(body for other, _, body in FOREIGN if other is kind)
    site.post(kind, body)
    with pytest.raises(Permanent, match=f"{kind.kind} web"):
        cluster.preview(site.service, site.desired(**EVERYTHING))


def test_before_there_is_a_namespace_everything_is_created(cluster: KubernetesCluster, site: Site) -> None:
    nowhere = site.elsewhere("nowhere")
    changes = by_name(cluster.preview(nowhere, site.desired(**EVERYTHING)))
    assert set(changes) == NAMES
