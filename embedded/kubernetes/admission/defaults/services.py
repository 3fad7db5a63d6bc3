"""Services and Ingresses."""

from embedded.kubernetes.admission.defaults.filling import fill
from embedded.kubernetes.objects import Object, made, parts


def complete_service(service: Object) -> None:
    spec = made(service, "spec")
    fill(spec, type="ClusterIP", sessionAffinity="None")
    if spec["sessionAffinity"] == "ClientIP":
        fill(made(spec, "sessionAffinityConfig", "clientIP"), timeoutSeconds=10800)
    if spec["type"] != "ExternalName":
        fill(spec, internalTrafficPolicy="Cluster", ipFamilies=["IPv4"], ipFamilyPolicy="SingleStack")
    if spec["type"] in ("NodePort", "LoadBalancer"):
        fill(spec, externalTrafficPolicy="Cluster")
    if spec["type"] == "LoadBalancer":
        fill(spec, allocateLoadBalancerNodePorts=True)
    for port in parts(spec, "ports"):
        fill(port, protocol="TCP", targetPort=port.get("port"))
    fill(made(service, "status"), loadBalancer={})


def complete_ingress(ingress: Object) -> None:
    fill(made(ingress, "status"), loadBalancer={})
