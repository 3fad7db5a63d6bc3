"""A look into a cluster from outside, past all of the product's code."""

from pathlib import Path
from typing import Any

import httpx
import yaml

FINALIZER = "example.com/hold"


class ClusterView:
    """One namespace of the cluster that a kubeconfig names."""

    def __init__(self, kubeconfig: Path, namespace: str) -> None:
        config = yaml.safe_load(kubeconfig.read_text())
        self._client = httpx.Client(base_url=config["clusters"][0]["cluster"]["server"], timeout=30)
        self._namespace = namespace

    def names(self, version: str, kind: str) -> list[str]:
        items = self._client.get(self._path(version, kind)).raise_for_status().json()["items"]
        return sorted(item["metadata"]["name"] for item in items)

    def get(self, version: str, kind: str, name: str) -> dict[str, Any]:
        return self._client.get(f"{self._path(version, kind)}/{name}").raise_for_status().json()

    def hold(self, deployment: str) -> None:
        """Gives a Deployment a finalizer whose controller never comes."""
        self._set_finalizers(deployment, [FINALIZER])

    def release(self, deployment: str) -> None:
        self._set_finalizers(deployment, None)

    def _set_finalizers(self, deployment: str, finalizers: list[str] | None) -> None:
        self._client.patch(
            f"{self._path('apps/v1', 'deployments')}/{deployment}",
            json={"metadata": {"finalizers": finalizers}},
            headers={"Content-Type": "application/merge-patch+json"},
        ).raise_for_status()

    def _path(self, version: str, kind: str) -> str:
        root = f"/api/{version}" if "/" not in version else f"/apis/{version}"
        return f"{root}/namespaces/{self._namespace}/{kind}" if self._namespace else f"{root}/{kind}"
