"""A cluster by kubeconfig and context, or the one that this process runs in."""

from functools import partial
from pathlib import Path
from typing import Any, cast

from kubernetes.client.api_client import ApiClient
from kubernetes.client.configuration import Configuration
from kubernetes.config import incluster_config, kube_config

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.kinds import WATCHED
from jobs.adapters.kubernetes.limits import CallLimits, Limits
from jobs.adapters.kubernetes.login import Login


def connect(kubeconfig: Path | None, context: str | None = None, limits: Limits | None = None) -> Api:
    """The cluster of a kubeconfig's context (None: its current one), with the tokens and plugins that it names.

    Without a kubeconfig the cluster of the pod's service account. Nothing is read or called yet: a cluster that can't
    be reached raises Transient at each call, and is no matter of the others.
    """
    allowed = limits or Limits()
    connections = allowed.concurrent + len(WATCHED)
    return Api(Login(partial(_client, kubeconfig, context, connections)), CallLimits(allowed))


def _client(kubeconfig: Path | None, context: str | None, connections: int) -> ApiClient:
    configuration = cast("Any", Configuration)(connection_pool_maxsize=connections)
    if kubeconfig is None:
        cast("Any", incluster_config).load_incluster_config(client_configuration=configuration)
    else:
        # The file is the operator's: what a plugin refreshed is kept in memory only.
        cast("Any", kube_config).load_kube_config(
            str(kubeconfig), context, client_configuration=configuration, persist_config=False
        )
    return ApiClient(configuration)
