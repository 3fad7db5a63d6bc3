"""The whole product on each database, for all tests here."""

import random
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.chaos.client import Client
from tests.chaos.fleet import APIS, WORKERS, Fleet, running_fleet
from tests.chaos.follower import Follower
from tests.chaos.foreign import Foreign, plant
from tests.chaos.outside import Outside
from tests.chaos.points import Points
from tests.chaos.promises import AFTER_DESTROY, WHILE_IT_RUNS, seen_once_and_in_order
from tests.chaos.run import CLOCKS, make_project
from tests.chaos.servers import Servers, await_true, running_servers
from tests.chaos.story import Story

ROUNDS = 3


@dataclass
class Product:
    """Two APIs and two workers, one of each with a clock that is a minute off, and environments that live in them."""

    servers: Servers
    fleet: Fleet
    points: Points
    outside: Outside
    client: Client
    project_id: str
    blueprint: dict[str, str]
    _told: int = 0

    def tell(self) -> "Telling":
        """An environment with two services that run, and what is not ours beside it."""
        self._told += 1
        name = f"test-{self._told}"
        foreign = plant(self.outside, name, f"{name}.chaos.test", own_namespace=False)
        story = Story(self.servers, self.client, random.Random(self._told), name, self.blueprint, self.project_id)
        story.begin()
        ports = list(self.fleet.ports.values())
        followers = [
            Follower(ports, story.environment_id, story.first_cursor, random.Random(number)) for number in range(2)
        ]
        for follower in followers:
            follower.start()
        story.settle()
        return Telling(self, story, foreign, followers)

    def await_fleet(self) -> None:
        """Returns when everybody who was struck is there again."""
        for name in (*APIS, *WORKERS):
            await_true(f"{name} is ready", lambda name=name: self.fleet.is_ready(name), 60)


@dataclass
class Telling:
    """A story and everything that is looked at beside it."""

    product: Product
    story: Story
    foreign: Foreign
    followers: list[Follower] = field(default_factory=list[Follower])

    def check_running(self) -> None:
        self.story.settle()
        for kept in WHILE_IT_RUNS.values():
            kept(self.story, self.product.outside)

    def check_destroyed(self) -> None:
        for kept in AFTER_DESTROY.values():
            kept(self.story, self.product.outside)
        self.foreign.untouched()
        for follower in self.followers:
            follower.join(30)
        seen_once_and_in_order(self.story, self.followers)

    def struck_at(self, points: tuple[str, ...], number: int, during: Callable[[], object]) -> None:
        """Whoever gets first to each of these points is sent the signal, one after the other.

        A strike may take a later point off the way, or end a process that is about to note another, so that what is
        missed is planned and done again.
        """
        before = len(self.product.points.struck())
        missed = list(points)
        for _ in range(ROUNDS):
            for point in missed:
                self.product.points.plan(point, number)
            during()
            self.story.settle()
            struck = {one.point for one in self.product.points.struck()[before:]}
            missed = [point for point in points if point not in struck]
            if not missed:
                return
        raise AssertionError(f"nobody came to {missed}")


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def product(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Generator[Product]:
    with running_product(tmp_path_factory.mktemp("chaos"), request.param) as product:
        yield product


@contextmanager
def running_product(folder: Path, database: str, bug: str | None = None) -> Generator[Product]:
    with running_servers(folder, database) as servers, running_fleet(servers, clocks=CLOCKS, bug=bug) as fleet:
        points = Points(folder / "points")
        with Client(list(fleet.ports.values()), random.Random(1)) as client, closing(Outside(servers)) as outside:
            project_id, blueprint = make_project(client)
            yield Product(servers, fleet, points, outside, client, project_id, blueprint)
