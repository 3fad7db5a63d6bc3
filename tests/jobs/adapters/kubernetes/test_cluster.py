"""The life of a service through the port, as the steps of its operations bring it forward."""

from dataclasses import replace

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.cluster import KubernetesCluster
from jobs.adapters.kubernetes.kinds import DEPLOYMENT, NAMESPACE
from jobs.ports import Cluster, EnvironmentRef, ServiceRef
from models.vocabulary import ServiceKind
from tests.jobs.adapters.kubernetes.apply.everything import EVERYTHING
from tests.jobs.adapters.kubernetes.settled import settled
from tests.jobs.adapters.kubernetes.site import Site


def test_a_service_is_added_updated_and_destroyed_with_its_environment(
    cluster: KubernetesCluster, direct: Api, environment: EnvironmentRef
) -> None:
    port: Cluster = cluster
    namespace = port.ensure_namespace(environment)
    environment = replace(environment, namespace_uid=namespace.uid)
    service = ServiceRef(environment, f"{environment.id}_web", "web", ServiceKind.APPLICATION)
    site = Site(direct, service)

    first = site.desired(1, **EVERYTHING)
    port.apply(service, first)
    settled(lambda: port.check_rollout(service, first))
    assert port.prune(service, first) == []
    assert set(settled(lambda: port.published_addresses(service))) == {"www.shop.test"}

    least = site.desired(2, image="web:3")
    port.apply(service, least)
    settled(lambda: port.check_rollout(service, least))
    settled(lambda: port.prune(service, least))
    assert set(site.everything()) == {("Deployment", "web")}
    assert site.get(DEPLOYMENT)["spec"]["template"]["spec"]["containers"][0]["image"] == "web:3"

    assert {ref.kind for ref in port.inventory(environment).removals} == {"Namespace", "Deployment"}
    settled(lambda: port.remove_workloads(environment, None, 3))
    settled(lambda: port.remove_resources(environment, None, 3))
    assert settled(lambda: port.remove_namespace(environment, 3)) is None
    assert port.inventory(environment).removals == []
    assert direct.find(NAMESPACE.path(name=environment.namespace)) is None
