"""The addresses that Ingresses publish."""

from typing import Any

import pytest

from jobs.adapters.kubernetes.cluster import KubernetesCluster
from jobs.adapters.kubernetes.kinds import INGRESS
from jobs.errors import NotYet, Permanent
from models.configuration import IngressRule
from tests.jobs.adapters.kubernetes.apply.everything import EVERYTHING, NETWORK
from tests.jobs.adapters.kubernetes.settled import settled
from tests.jobs.adapters.kubernetes.site import Site
from tests.jobs.adapters.proxy import FaultProxy, replace

RULES = (IngressRule(host="www", port="http"), IngressRule(host="admin", port="admin"))
TWO_HOSTS: dict[str, Any] = {"networking": NETWORK.model_copy(update={"ingress": RULES})}


def publish(site: Site, *points: dict[str, str]) -> None:
    """As the ingress controller does."""
    status = {"status": {"loadBalancer": {"ingress": list(points)}}}
    site.edit(INGRESS, status, manager="ingress-controller", subresource="status")


def test_tells_the_addresses_of_each_host(cluster: KubernetesCluster, site: Site) -> None:
    cluster.apply(site.service, site.desired(**TWO_HOSTS))
    settled(lambda: cluster.published_addresses(site.service))  # the cluster's own controller has had its say
    publish(site, {"ip": "192.0.2.1"}, {"ip": "2001:db8::1"}, {"hostname": "lb.example.net"})
    domain = site.service.environment.domain
    addresses = ["192.0.2.1", "2001:db8::1", "lb.example.net"]
    assert cluster.published_addresses(site.service) == {f"www.{domain}": addresses, f"admin.{domain}": addresses}


def test_waits_for_the_ingress_controller(cluster: KubernetesCluster, site: Site, proxy: FaultProxy) -> None:
    cluster.apply(site.service, site.desired(**EVERYTHING))
    proxy.on("GET ingresses", replace(b'"loadBalancer"', b'"other"'))
    with pytest.raises(NotYet, match="Ingress web") as waiting:
        cluster.published_addresses(site.service)
    assert [(one.kind, one.name) for one in waiting.value.blockers] == [("Ingress", "web")]


def test_only_the_service_counts(cluster: KubernetesCluster, site: Site) -> None:
    site.post(INGRESS, {"spec": {"defaultBackend": {"service": {"name": "a", "port": {"number": 80}}}}})
    with pytest.raises(Permanent, match="Service web has no Ingress any more"):
        cluster.published_addresses(site.service)
