"""What of a service is told to be not as it should be; looking changes nothing."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from jobs.adapters.kubernetes.cluster import KubernetesCluster
from jobs.adapters.kubernetes.kinds import CONFIG_MAP, DEPLOYMENT, NAMESPACE, SECRET
from jobs.errors import NotYet, Permanent, Transient
from jobs.ports import Desired
from models.configuration import DeploymentSettings, Variable
from tests.jobs.adapters.kubernetes.faults import refuse
from tests.jobs.adapters.kubernetes.settled import settled
from tests.jobs.adapters.kubernetes.site import Site
from tests.jobs.adapters.proxy import FaultProxy


def desired_of(site: Site) -> Desired:
    return site.desired(
        1,
        deployment=DeploymentSettings(replicas=2),
        variables=(Variable(name="COLOUR", value="blue"), Variable(name="PASSWORD", secret=True, sealed="x")),
        secrets={"PASSWORD": "hunter2"},
    )


@pytest.fixture
def running(cluster: KubernetesCluster, site: Site) -> Desired:
    """The service as it should be, its pods ready."""
    desired = desired_of(site)
    cluster.apply(site.service, desired)
    query = {"watch": True, "timeoutSeconds": 60}
    with site.api.lines(DEPLOYMENT.path(site.namespace), query=query, silence=60) as events:
        for _ in events:
            try:
                cluster.check_rollout(site.service, desired)
            except NotYet:
                continue
            return desired
    raise AssertionError("it was not rolled out")


def test_nothing_of_what_is_well(cluster: KubernetesCluster, site: Site, running: Desired, proxy: FaultProxy) -> None:
    proxy.clear()

    assert cluster.ailments(site.service, running) == []

    changing = [one for one in proxy.seen if one.method != "GET" and "dryRun=All" not in one.path]
    assert changing == []


def test_the_mark_of_the_installation_that_older_versions_left_out_is_no_ailment(
    cluster: KubernetesCluster, site: Site, running: Desired
) -> None:
    marked = replace(site.service, environment=replace(site.service.environment, installation="one"))
    other = replace(site.service, environment=replace(site.service.environment, installation="other"))

    assert cluster.ailments(marked, running) == []
    cluster.apply(marked, replace(running, fence=2))
    assert "was changed" not in str(cluster.ailments(marked, replace(running, fence=2)))
    assert "labels.phaseline.dev/installation is one and should be other" in str(
        cluster.ailments(other, replace(running, fence=2))
    )


def remove(site: Site) -> None:
    site.delete(CONFIG_MAP)


def repaint(site: Site) -> None:
    site.edit(CONFIG_MAP, {"data": {"COLOUR": "red"}})


def change_password(site: Site) -> None:
    site.edit(SECRET, {"data": {"PASSWORD": "b3RoZXI="}})


def keep_more_history(site: Site) -> None:
    site.edit(DEPLOYMENT, {"spec": {"revisionHistoryLimit": 7}})


def annotate(site: Site) -> None:
    site.edit(DEPLOYMENT, {"metadata": {"annotations": {"team": "blue"}}})


@pytest.mark.parametrize(
    ("meddle", "said"),
    [
        (remove, "ConfigMap web is missing"),
        (repaint, "ConfigMap web was changed: data.COLOUR is red and should be blue"),
        (change_password, "Secret web was changed: data.PASSWORD is (hidden) and should be (hidden)"),
        (keep_more_history, "Deployment web was changed: spec.revisionHistoryLimit is 7 and should be 3"),
        (annotate, None),
    ],
)
def test_what_somebody_has_done_by_hand(
    cluster: KubernetesCluster, site: Site, running: Desired, meddle: Callable[[Site], object], said: str | None
) -> None:
    meddle(site)
    before = site.everything()

    found = cluster.ailments(site.service, running)

    assert list(found) == ([said] if said else [])
    assert site.everything().keys() == before.keys()
    assert not any("hunter2" in one for one in found)


def test_a_namespace_that_somebody_has_deleted(cluster: KubernetesCluster, site: Site, running: Desired) -> None:
    path = NAMESPACE.path(name=site.namespace)
    site.api.call("DELETE", path)

    def look() -> None:
        if site.api.find(path) is not None:
            raise NotYet("it terminates")

    settled(look)

    assert cluster.ailments(site.service, running) == [f"namespace {site.namespace} is gone, with all that was in it"]


def test_pods_that_are_not_ready(cluster: KubernetesCluster, site: Site) -> None:
    desired = site.desired(1, image="ghcr.io/acme/missing:1")
    cluster.apply(site.service, desired)

    [said] = cluster.ailments(site.service, desired)

    assert said.startswith("Deployment web: ")
    assert "its controller has not seen" in said or "of 1" in said


def test_an_object_of_somebody_else_in_its_place(cluster: KubernetesCluster, site: Site, running: Desired) -> None:
    site.delete(CONFIG_MAP)
    site.post(CONFIG_MAP, {"data": {"COLOUR": "blue"}})

    with pytest.raises(Permanent) as refused:
        cluster.ailments(site.service, running)

    assert [(one.kind, one.name) for one in refused.value.blockers] == [("ConfigMap", "web")]


def test_a_cluster_that_does_not_answer(
    cluster: KubernetesCluster, site: Site, running: Desired, proxy: FaultProxy
) -> None:
    proxy.on("GET deployments", refuse(503, "ServiceUnavailable"), times=5)

    with pytest.raises(Transient):
        cluster.ailments(site.service, running)
