"""A look into a cluster from outside, past all of the product's code."""

import ssl
from pathlib import Path
from typing import Any

import httpx
import yaml

FINALIZER = "example.com/hold"


class ClusterView:
    """One namespace of the cluster that a kubeconfig names; without one, what is in no namespace."""

    def __init__(self, kubeconfig: Path, namespace: str = "") -> None:
        config = yaml.safe_load(kubeconfig.read_text())
        cluster = config["clusters"][0]["cluster"]
        self._server = cluster["server"]
        self._trust = ssl.create_default_context(cafile=cluster["certificate-authority"])
        self._headers = {"Authorization": f"Bearer {config['users'][0]['user']['token']}"}
        self._namespace = namespace

    def names(self, version: str, kind: str) -> list[str]:
        return sorted(item["metadata"]["name"] for item in self._ask("GET", self._path(version, kind))["items"])

    def get(self, version: str, kind: str, name: str) -> dict[str, Any]:
        return self._ask("GET", f"{self._path(version, kind)}/{name}")

    def hold(self, deployment: str) -> None:
        """Gives a Deployment a finalizer whose controller never comes."""
        self._set_finalizers(deployment, [FINALIZER])

    def release(self, deployment: str) -> None:
        self._set_finalizers(deployment, None)

    def _set_finalizers(self, deployment: str, finalizers: list[str] | None) -> None:
        self._ask(
            "PATCH",
            f"{self._path('apps/v1', 'deployments')}/{deployment}",
            json={"metadata": {"finalizers": finalizers}},
            headers={"Content-Type": "application/merge-patch+json"},
        )

    def _ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        with httpx.Client(base_url=self._server, verify=self._trust, headers=self._headers, timeout=30) as client:
            return client.request(method, path, **options).raise_for_status().json()

    def _path(self, version: str, kind: str) -> str:
        root = f"/api/{version}" if "/" not in version else f"/apis/{version}"
        return f"{root}/namespaces/{self._namespace}/{kind}" if self._namespace else f"{root}/{kind}"
