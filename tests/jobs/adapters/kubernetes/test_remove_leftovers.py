"""What no environment owns is removed only as it was named."""

from collections.abc import Iterable

import pytest

from jobs.adapters.kubernetes import labels
from jobs.adapters.kubernetes.cluster import KubernetesCluster
from jobs.adapters.kubernetes.json import uid_of
from jobs.adapters.kubernetes.kinds import CONFIG_MAP, DEPLOYMENT, NAMESPACE, SECRET
from jobs.errors import Transient
from jobs.ports import Known, Leftover
from tests.jobs.adapters.kubernetes.faults import refuse
from tests.jobs.adapters.kubernetes.site import Site
from tests.jobs.adapters.proxy import FaultProxy


def knowing(*environments: str) -> Known:
    return Known("one", lambda: environments)


def of(site: Site, found: Iterable[Leftover]) -> dict[tuple[str, str], str]:
    """The uids of those of this test's environment, by kind and name."""
    mine = [one for one in found if one.environment_id == site.service.environment.id]
    return {(one.object.kind, one.object.name): one.object.uid for one in mine}


def everybody_else(cluster: KubernetesCluster, site: Site) -> Known:
    """All environments of the other tests."""
    others = {one.environment_id for one in cluster.leftovers(knowing())} - {site.service.environment.id}
    return knowing(*others)


def test_exactly_those_named_are_removed(cluster: KubernetesCluster, site: Site, proxy: FaultProxy) -> None:
    cluster.apply(site.service, site.desired(secrets={"PASSWORD": "x"}))
    known = everybody_else(cluster, site)
    uid = of(site, cluster.leftovers(known))["Secret", "web"]
    proxy.clear()

    removal = cluster.remove_leftovers(known, [uid, "no-such-uid"])

    assert [one.object.name for one in removal.removed] == ["web"]
    assert removal.refused == {}
    assert site.find(SECRET) is None
    assert site.find(DEPLOYMENT) is not None
    assert [request.method for request in proxy.seen].count("DELETE") == 1


def test_what_an_environment_owns_by_now_is_not_removed(cluster: KubernetesCluster, site: Site) -> None:
    cluster.apply(site.service, site.desired())
    uid = uid_of(site.get(DEPLOYMENT))

    removal = cluster.remove_leftovers(knowing(site.service.environment.id), [uid])

    assert (removal.removed, removal.refused) == ([], {})
    assert site.find(DEPLOYMENT) is not None


def test_another_object_of_the_same_name_is_not_removed(cluster: KubernetesCluster, site: Site) -> None:
    known = everybody_else(cluster, site)
    ours = {labels.MANAGED_BY: labels.MANAGER, labels.ENVIRONMENT: site.service.environment.id}
    uid = uid_of(site.post(CONFIG_MAP, {}, "settings", labels=ours))
    site.delete(CONFIG_MAP, "settings")
    site.post(CONFIG_MAP, {}, "settings", labels=ours)

    assert cluster.remove_leftovers(known, [uid]).removed == []
    assert site.find(CONFIG_MAP, "settings") is not None


@pytest.mark.parametrize("inside", ["foreign", "not named"])
def test_a_namespace_takes_nothing_along_that_was_not_named(
    cluster: KubernetesCluster, site: Site, inside: str
) -> None:
    known = everybody_else(cluster, site)
    if inside == "foreign":
        site.post(CONFIG_MAP, {}, "settings", labels={labels.MANAGED_BY: "Helm"})
    else:
        cluster.apply(site.service, site.desired())
    uid = of(site, cluster.leftovers(known))["Namespace", site.namespace]

    removal = cluster.remove_leftovers(known, [uid])

    assert removal.removed == []
    assert ("ConfigMap settings" if inside == "foreign" else "Deployment web") in removal.refused[uid]
    assert "deletionTimestamp" not in site.api.call("GET", NAMESPACE.path(name=site.namespace))["metadata"]


def test_a_namespace_goes_with_all_that_was_named(cluster: KubernetesCluster, site: Site) -> None:
    cluster.apply(site.service, site.desired())
    known = everybody_else(cluster, site)
    uids = of(site, cluster.leftovers(known))

    removal = cluster.remove_leftovers(known, list(uids.values()))

    assert removal.refused == {}
    assert {one.object.uid for one in removal.removed} == set(uids.values())


def test_nothing_is_removed_where_not_all_could_be_asked(
    cluster: KubernetesCluster, site: Site, proxy: FaultProxy
) -> None:
    cluster.apply(site.service, site.desired())
    uid = uid_of(site.get(DEPLOYMENT))
    proxy.on("GET secrets", refuse(503, "ServiceUnavailable"), times=10)

    with pytest.raises(Transient):
        cluster.remove_leftovers(knowing(), [uid])

    assert site.find(DEPLOYMENT) is not None
