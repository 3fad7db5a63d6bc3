"""The controllers of the cluster, small ones: what Kubernetes' controller manager does, seen from outside."""
