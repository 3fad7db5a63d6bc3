"""One embedded Kubernetes for all tests here; each test has an environment of its own, and a proxy on its way."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded import kubernetes as embedded_kubernetes
from embedded.kubernetes import RunningKubernetes
from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.cluster import KubernetesCluster
from jobs.adapters.kubernetes.connect import connect
from jobs.adapters.kubernetes.limits import Limits
from jobs.adapters.kubernetes.manifests import BuildSettings
from jobs.ports import EnvironmentRef, ServiceRef
from models.vocabulary import ServiceKind
from tests.jobs.adapters.kubernetes.faults import name_of
from tests.jobs.adapters.kubernetes.interposed import Interposed
from tests.jobs.adapters.kubernetes.kubeconfigs import kubeconfig
from tests.jobs.adapters.kubernetes.places import Place, place
from tests.jobs.adapters.kubernetes.site import Site
from tests.jobs.adapters.proxy import FaultProxy, fault_proxy

NUMBERS = itertools.count(1)
PLENTY = Limits(concurrent=16, per_second=10_000, burst=10_000)


@pytest.fixture(scope="session")
def kubernetes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningKubernetes]:
    running = embedded_kubernetes.start(tmp_path_factory.mktemp("kubernetes"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def direct(kubernetes: RunningKubernetes) -> Api:
    """Straight to the server, to look and to meddle."""
    return connect(kubernetes.kubeconfig, limits=PLENTY)


@pytest.fixture
def proxy(kubernetes: RunningKubernetes) -> Iterator[FaultProxy]:
    with fault_proxy(kubernetes.url, name_of, kubernetes.authority) as proxy:
        yield proxy


@pytest.fixture
def proxied(kubernetes: RunningKubernetes, proxy: FaultProxy, tmp_path: Path) -> Api:
    user = {"token": kubernetes.token}
    return connect(kubeconfig(tmp_path / "kubeconfig", proxy.url, user), limits=PLENTY)


@pytest.fixture
def cluster(proxied: Api) -> KubernetesCluster:
    """The adapter, through the proxy."""
    return KubernetesCluster(proxied, BuildSettings(namespace=f"builds-{next(NUMBERS)}"))


@pytest.fixture
def environment() -> EnvironmentRef:
    number = next(NUMBERS)
    return EnvironmentRef(f"env_{number}", f"review-{number}", "shop", f"review-{number}", "shop.test")


@pytest.fixture
def site(direct: Api, cluster: KubernetesCluster, environment: EnvironmentRef) -> Site:
    """The service `web`, in a namespace that is ours."""
    cluster.ensure_namespace(environment)
    return Site(direct, ServiceRef(environment, f"{environment.id}_web", "web", ServiceKind.APPLICATION))


@pytest.fixture
def api(direct: Api) -> Interposed:
    """Notes the calls, and spoils those that a test names."""
    return Interposed(direct)


@pytest.fixture
def staging(api: Interposed) -> Place:
    """An environment in a namespace of its own, made by us."""
    return place(api)


@pytest.fixture
def shared(api: Interposed) -> Place:
    """An environment in a namespace that was there before."""
    return place(api, ours=False)
