"""Starts the embedded servers that a machine has none of, side by side."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from embedded import aws, kubernetes, redis


@dataclass(frozen=True)
class Addresses:
    """Where the servers are: given by the caller, or embedded."""

    redis_url: str
    aws_endpoint_url: str
    kubeconfig: str


def start_missing(
    stack: ExitStack,
    folder: Path,
    *,
    redis_url: str | None,
    aws_endpoint_url: str | None,
    kubeconfig: str | None,
    domain: str,
) -> Addresses:
    """Starts every server whose address is None; leaving `stack` stops them. Their state is below `folder`."""
    with ThreadPoolExecutor(3) as pool:
        redis_server = None if redis_url else pool.submit(redis.start, folder / "redis")
        aws_server = None if aws_endpoint_url else pool.submit(aws.start, folder / "aws", domain)
        cluster = None if kubeconfig else pool.submit(kubernetes.start, folder / "kubernetes")
    for server in (redis_server, aws_server, cluster):
        if server is not None and server.exception() is None:
            stack.callback(server.result().stop)
    return Addresses(
        redis_url or (redis_server.result().url if redis_server else ""),
        aws_endpoint_url or (aws_server.result().url if aws_server else ""),
        kubeconfig or (str(cluster.result().kubeconfig) if cluster else ""),
    )
