"""What the one command says once everything runs."""

from pathlib import Path

from app import RunSettings, announcement
from embedded.start import Addresses

HERE = Path("/somewhere/phaseline")


def said(kubeconfig: str | None) -> str:
    addresses = Addresses("redis://redis.test", "http://aws.test", kubeconfig or "embedded.yaml")
    return announcement(RunSettings(kubeconfig=kubeconfig, port=8123), HERE, addresses)


def test_the_sample_is_announced_where_it_was_planted() -> None:
    assert "http://127.0.0.1:8123/graphql" in said(None)
    assert "kubectl --kubeconfig embedded.yaml get all -n acme-staging" in said(None)


def test_in_a_cluster_of_ones_own_no_sample_is_announced() -> None:
    assert "acme-staging" not in said("own.yaml")
    assert "kubectl --kubeconfig own.yaml get namespaces" in said("own.yaml")
    assert "examples/README.md" in said("own.yaml")
