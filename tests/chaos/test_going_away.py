"""Processes that are asked to end, and servers that are away for a while."""

import random
import signal
import threading
import time
from collections.abc import Mapping

import pytest
from sqlmodel import col, select

from models.operation import Operation
from models.vocabulary import UNFINISHED
from tests.chaos.client import Client
from tests.chaos.conftest import Product
from tests.chaos.fleet import APIS, WORKERS
from tests.chaos.servers import await_true

#: Seconds; a busy machine is slow, and nothing here is about that.
pytestmark = pytest.mark.timeout(900)

#: What the product promises for a SIGTERM, in seconds.
GRACE = 10.0


def holders(product: Product) -> set[str | None]:
    with product.servers.database.reading() as session:
        statement = select(Operation.owner).where(col(Operation.status).in_(UNFINISHED))
        return set(session.exec(statement).all())


def test_a_worker_that_is_asked_to_end_hands_its_leases_back(product: Product) -> None:
    told = product.tell()
    worker = WORKERS[0]
    mark = f"-{product.fleet.child(worker)}-"

    told.story.update("web")
    seconds = product.fleet.end(worker, signal.SIGTERM)
    held = [owner for owner in holders(product) if owner is not None and mark in owner]
    product.fleet.start(worker)

    assert seconds < GRACE
    assert held == []
    told.check_running()
    told.story.destroy()
    told.check_destroyed()


def test_an_api_that_is_asked_to_end_closes_its_streams_so_that_clients_come_back(product: Product) -> None:
    told = product.tell()
    for follower in told.followers:
        follower.stay_with(product.fleet.ports[APIS[0]])
    await_true("both follow this API", lambda: all(follower.stays for follower in told.followers))

    seconds = product.fleet.end(APIS[0], signal.SIGTERM)
    for follower in told.followers:
        follower.stay_with(None)
    product.fleet.start(APIS[0])
    told.story.destroy()

    assert seconds < GRACE
    # 1012: the service restarts. Anything in 4400 to 4499 would tell clients to give up
    assert {follower.closes[0] for follower in told.followers} <= {1001, 1012}
    told.check_destroyed()


def test_a_rolling_restart_under_load_loses_nothing(product: Product) -> None:
    told = product.tell()
    over = threading.Event()
    trouble: list[BaseException] = []

    def load() -> None:
        try:
            told.story.change(1000, over)
        except BaseException as error:  # noqa: BLE001  # told in the test's own thread
            trouble.append(error)

    thread = threading.Thread(target=load)
    thread.start()
    for name in (*APIS, *WORKERS):
        assert product.fleet.end(name, signal.SIGTERM) < GRACE
        product.fleet.start(name)
    over.set()
    thread.join()

    assert trouble == []
    told.check_running()
    told.story.destroy()
    told.check_destroyed()


def test_without_redis_mutations_are_accepted_and_run(product: Product) -> None:
    told = product.tell()

    product.servers.redis.kill()
    told.story.update("web")
    told.story.settle()
    product.servers.redis.start()

    told.check_running()
    told.story.destroy()
    told.check_destroyed()


def test_without_the_database_mutations_are_refused_and_workers_wait(product: Product) -> None:
    server = product.servers.postgresql
    if server is None:
        pytest.skip("SQLite is a file")
    told = product.tell()
    asked = {"serviceId": told.story.wanted["web"].id, "configuration": {"command": ["x"]}}

    told.story.update("web")
    server.halt()
    codes = {code for code in (refusal(product, asked) for _ in range(3)) if code}
    server.start()

    assert codes == {"UNAVAILABLE"}
    told.check_running()
    told.story.destroy()
    told.check_destroyed()


def test_a_full_disk_refuses_and_loses_nothing(product: Product) -> None:
    if product.servers.postgresql is not None:
        pytest.skip("the disk of PostgreSQL's server is its own matter")
    told = product.tell()

    product.servers.full_disk.touch()
    asked = {"serviceId": told.story.wanted["web"].id, "configuration": {"command": ["x" * 60_000]}}
    code = refusal(product, asked)
    product.servers.full_disk.unlink()
    told.story.update("web")

    assert code == "UNAVAILABLE"
    told.check_running()
    told.story.destroy()
    told.check_destroyed()


def refusal(product: Product, asked: Mapping[str, object]) -> str | None:
    """The code of the error that the mutation gets."""
    document = "mutation ($input: UpdateServiceInput!) { updateService(input: $input) { __typename } }"
    with Client(list(product.fleet.ports.values()), random.Random(time.time())) as client:
        return client.refusal(document, input=asked)
