"""Kubeconfig files."""

from pathlib import Path
from typing import Any

import yaml


def kubeconfig(path: Path, server: str, user: dict[str, Any] | None = None, context: str = "here") -> Path:
    """A file with one cluster and one user."""
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "cluster", "cluster": {"server": server}}],
        "users": [{"name": "user", "user": user or {"token": "any"}}],
        "contexts": [{"name": context, "context": {"cluster": "cluster", "user": "user"}}],
        "current-context": context,
    }
    path.write_text(yaml.safe_dump(content))
    return path
