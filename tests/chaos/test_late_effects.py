"""A worker is frozen before a request, and wakes when a later operation has removed what it makes."""

import os
import signal

import pytest

from tests.chaos.conftest import Product
from tests.chaos.outside import SERVICE
from tests.chaos.servers import await_true

#: Seconds; a busy machine is slow, and nothing here is about that.
pytestmark = pytest.mark.timeout(900)

POST = "worker before POST to the cluster"
DELETE = "worker before DELETE to the cluster"


def objects_of(product: Product, environment_id: str, service_id: str) -> list[str]:
    """What the cluster has of the service."""
    found = (item for items in product.outside.ours(environment_id).values() for item in items)
    return [item["kind"] for item in found if item["metadata"]["labels"].get(SERVICE) == service_id]


def test_it_looks_at_its_lease_again_and_makes_nothing(product: Product) -> None:
    told = product.tell()
    story, web = told.story, told.story.wanted["web"].id
    # behind the first look: it is about to see what there is
    told.struck_at(("worker before cluster.apply",), signal.SIGSTOP, lambda: story.update("web"))
    frozen, updated = product.points.struck()[-1].pid, story.accepted[-1]
    story.delete("web")

    product.points.plan(POST, signal.SIGKILL)
    os.kill(frozen, signal.SIGCONT)
    await_true("it has noticed", lambda: product.fleet.said("lease lost", updated))

    assert product.points.call_off(POST), "it went on to make something"
    assert objects_of(product, story.environment_id, web) == []
    told.check_running()
    story.destroy()
    told.check_destroyed()


def test_what_it_makes_nevertheless_it_takes_away_again(product: Product) -> None:
    told = product.tell()
    story = told.story
    # behind the last look: nothing but the outside could refuse it now, and that can't know
    told.struck_at((POST,), signal.SIGSTOP, lambda: story.add("worker"))
    frozen, added = product.points.struck()[-1].pid, story.wanted["worker"].id
    story.delete("worker")
    assert objects_of(product, story.environment_id, added) == []

    product.points.plan(DELETE, signal.SIGSTOP)
    os.kill(frozen, signal.SIGCONT)
    await_true("it is about to take it away", lambda: product.points.struck()[-1].point == DELETE)
    assert objects_of(product, story.environment_id, added) != []
    os.kill(frozen, signal.SIGCONT)

    await_true("that is gone", lambda: objects_of(product, story.environment_id, added) == [])
    told.check_running()
    story.destroy()
    told.check_destroyed()
