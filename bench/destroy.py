"""Taking an environment out of a cluster: ours against kubectl's delete, and against what nobody can do without."""

import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.report import Goal, Section, Table
from bench.rounds import Medians, Scale, in_turn
from embedded import kubernetes
from jobs.adapters.kubernetes.cluster import KubernetesCluster
from jobs.adapters.kubernetes.connect import connect
from jobs.adapters.kubernetes.kinds import CONFIG_MAP, NAMESPACE, SERVICE
from jobs.adapters.kubernetes.manifests import BuildSettings
from jobs.errors import NotYet
from jobs.watching import ClusterWatch
from tests.jobs.adapters.kubernetes.interposed import Interposed
from tests.jobs.adapters.kubernetes.places import FENCE, Place, config, place

OURS, KUBECTL, EMPTY = "Phaseline", "kubectl delete namespace", "kubectl delete namespace, an empty one"
SERVICES, PODS = 20, 3
#: Of each service a Deployment with its ReplicaSet and pods, a ConfigMap and a Service; and the namespace.
OBJECTS = SERVICES * (4 + PODS) + 1
REASON = "a call for each workload, and their pods end before the namespace is asked to, so that what stays is known"
#: Something may have moved before we listened: look again after so many seconds.
LOOK_AGAIN = 2.0


@dataclass(frozen=True)
class Site:
    """A cluster, and what tells that something moved in it."""

    api: Interposed
    cluster: KubernetesCluster
    kubeconfig: Path
    moved: threading.Event

    def by_us(self) -> dict[str, float]:
        there = filled(self.api)
        self.api.calls.clear()
        began = time.monotonic()
        self._until_done(lambda: self.cluster.remove_workloads(there.environment, None, FENCE))
        self._until_done(lambda: self.cluster.remove_resources(there.environment, None, FENCE))
        self._until_done(lambda: self.cluster.remove_namespace(there.environment, FENCE))
        seconds = time.monotonic() - began
        assert self.api.find(NAMESPACE.path(name=there.namespace)) is None
        return {"seconds": seconds, "calls": len(self.api.calls) / OBJECTS}

    def by_kubectl(self) -> dict[str, float]:
        return self._kubectl(filled(self.api))

    def empty(self) -> dict[str, float]:
        return self._kubectl(place(self.api))

    def _kubectl(self, there: Place) -> dict[str, float]:
        command = ["kubectl", "--kubeconfig", str(self.kubeconfig), "delete", "namespace", there.namespace, "--wait"]
        began = time.monotonic()
        subprocess.run(command, check=True, capture_output=True)
        return {"seconds": time.monotonic() - began, "calls": 0}

    def _until_done(self, step: Callable[[], object]) -> None:
        """As the runner does a step: when it has to wait, again as soon as the watch says that something moved."""
        while True:
            self.moved.clear()
            try:
                step()
            except NotYet:
                self.moved.wait(LOOK_AGAIN)
            else:
                return


def run(scale: Scale) -> Section:
    with site() as there:
        sides: dict[str, Callable[[], dict[str, float]]] = {OURS: there.by_us}
        if shutil.which("kubectl"):
            sides |= {KUBECTL: there.by_kubectl, EMPTY: there.empty}
        found = in_turn(sides, min(scale.rounds, 5), lambda measure: measure())
    return Section(
        "Destroy",
        f"A namespace with {SERVICES} services of {PODS} pods each, {OBJECTS} objects in all, on the embedded cluster: "
        "the three steps of a destroy that concern the cluster, each tried again when the watch tells that something "
        "moved. The slowest that a cluster has to do is to end an empty namespace. Seconds, and calls of the API for "
        "each object. On a real control plane it is other figures: there nothing was measured.",
        [Table(["", "seconds", "calls an object"], [_row(name, medians) for name, medians in found.items()])],
        _goals(found),
    )


def _row(name: str, medians: Medians) -> list[str]:
    return [name, f"{medians['seconds']:.2f}", f"{medians['calls']:.2f}" if name == OURS else ""]


def _goals(found: dict[str, Medians]) -> list[Goal]:
    calls = Goal("calls of the API for each object", found[OURS]["calls"], 3, unit="calls")
    if EMPTY not in found:
        return [calls]
    time_ratio = found[OURS]["seconds"] / found[EMPTY]["seconds"]
    return [Goal("time against its slowest object, the namespace alone", time_ratio, 1.2, reason=REASON), calls]


@contextmanager
def site() -> Generator[Site]:
    with TemporaryDirectory(prefix="phaseline-bench-") as folder:
        running = kubernetes.start(Path(folder))
        api = Interposed(connect(running.kubeconfig))
        cluster = KubernetesCluster(api, BuildSettings())
        moved = threading.Event()
        watch = ClusterWatch("bench", cluster, lambda _environment, _service: moved.set())
        watch.start()
        try:
            yield Site(api, cluster, running.kubeconfig, moved)
        finally:
            watch.stop()
            running.stop()


def filled(api: Interposed) -> Place:
    """A namespace of ours, whose pods run."""
    there = place(api)
    for number in range(SERVICES):
        service = there.another(f"service-{number}")
        there.deployment(service.name, replicas=PODS, service=service)
        there.ours(CONFIG_MAP, service.name, config(), service)
        there.ours(SERVICE, service.name, {"spec": {"ports": [{"port": 80}]}}, service)
    there.pods_run(SERVICES * PODS)
    return there
