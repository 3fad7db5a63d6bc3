"""The embedded cluster of the adapter's tests."""

from tests.jobs.adapters.kubernetes.conftest import direct, kubernetes

__all__ = ["direct", "kubernetes"]
