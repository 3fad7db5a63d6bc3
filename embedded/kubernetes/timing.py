"""How long things take in this cluster. Short, so that trying it is no waiting, and yet seen by who watches."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Seconds."""

    #: Until the containers of a scheduled pod run, or its image turns out to be missing.
    pod_start: float = 0.15
    #: From then on until the pod is ready.
    pod_ready: float = 0.1
    #: How long a container runs that ends by itself: of a job, or an init container.
    container_run: float = 0.15
    #: How long a pod takes to end after it was asked to, at most its own grace period.
    pod_stop: float = 0.1
    #: Until a crashed container is started again the first time; doubled each time.
    restart: float = 0.3
    #: The longest pause before a restart.
    longest_restart: float = 60.0
    #: Until the contents of a deleted namespace begin to go.
    namespace_drain: float = 0.2
    #: Until a load balancer or ingress has an address, and until one that is given up is cleaned up.
    load_balancer: float = 0.2
