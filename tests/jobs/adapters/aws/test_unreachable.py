"""An AWS that can't even be connected to: nobody knows anything of it, and it is tried again later."""

import socket
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import pytest

from embedded.aws import REGION
from jobs.adapters.aws import aws_clients, calling
from jobs.errors import Transient


@contextmanager
def nobody_listens() -> Generator[str]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    yield f"http://127.0.0.1:{port}"


@contextmanager
def nobody_accepts() -> Generator[str]:
    """The queue of those who wait is full: Linux answers nobody else."""
    with ExitStack() as held, socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        for _ in range(3):
            waiting = held.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        yield f"http://127.0.0.1:{full.getsockname()[1]}"


@contextmanager
def nobody_has_that_name() -> Generator[str]:
    """RFC 6761 keeps .invalid free for ever."""
    yield "http://aws.invalid"


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize("place", [nobody_listens, nobody_accepts, nobody_has_that_name])
def test_it_is_tried_again_later_and_its_address_is_told(place: Callable[[], AbstractContextManager[str]]) -> None:
    with place() as url:
        clients = aws_clients(url, REGION, timeout=0.2)
        with pytest.raises(Transient, match=rf"ListHostedZones: .*{url}"), calling("ListHostedZones"):
            clients.route53.list_hosted_zones()
        with pytest.raises(Transient, match=rf"ListSecrets: .*{url}"), calling("ListSecrets"):
            clients.secrets.list_secrets()
