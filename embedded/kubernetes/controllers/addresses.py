"""The addresses that load balancers and ingresses publish. Nothing answers there: they are those for documentation."""

import hashlib
import ipaddress

from embedded.kubernetes.objects import Object, annotations_of, uid_of

#: An annotation: the address to publish, an IP address or a hostname, instead of the usual one; `none` for none.
SIMULATE = "simulate/address"
_INGRESS = "203.0.113.80"


def address_of(service: Object) -> Object:
    """Of a load balancer: one for each."""
    digest = hashlib.sha256(uid_of(service).encode()).digest()
    return _entry(annotations_of(service).get(SIMULATE) or f"198.51.100.{1 + digest[0] % 254}")


def ingress_address(ingress: Object) -> Object | None:
    """Of an ingress: the same for all, as one ingress controller has; None for none."""
    wanted = annotations_of(ingress).get(SIMULATE) or _INGRESS
    return None if wanted == "none" else _entry(wanted)


def _entry(address: str) -> Object:
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return {"hostname": address}
    return {"ip": address}
