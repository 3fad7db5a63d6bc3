"""A run: environments live, faults strike, and the promises are looked at."""

import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import col, func, select

from models.operation import Operation
from models.operations.lease import owners
from tests.chaos.client import Client, Json
from tests.chaos.faults import Struggle, faults_of
from tests.chaos.fleet import Fleet, running_fleet
from tests.chaos.follower import Follower
from tests.chaos.foreign import plant
from tests.chaos.outside import Outside
from tests.chaos.points import Points
from tests.chaos.promises import AFTER_DESTROY, WHILE_IT_RUNS, Promise, seen_once_and_in_order
from tests.chaos.servers import Servers, patiently, running_servers
from tests.chaos.story import Story
from tests.chaos.table import Findings, table
from tests.chaos.takeover import Takeovers

CLOCKS = {"worker-2": 60.0, "api-2": -60.0}
SERVICES = ("web", "api", "worker")
STORIES_AT_ONCE = 3
FOLLOWERS = 2


@dataclass
class Run:
    servers: Servers
    fleet: Fleet
    rng: random.Random
    findings: Findings = field(default_factory=Findings)
    _faults: "dict[str, Counter[str]]" = field(default_factory=dict[str, "Counter[str]"])
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _over: threading.Event = field(default_factory=threading.Event)

    def count(self, fault: str) -> None:
        """A fault has struck, and everything that lives has to live through it."""
        with self._lock:
            self.findings.struck[fault] += 1
            for faults in self._faults.values():
                faults[fault] += 1

    def go(self, seconds: float, kind: str, takeovers: Takeovers, outside: Outside) -> None:
        with self._client(self.rng.random()) as client:
            project = make_project(client)
        threads = [
            threading.Thread(target=self._live, args=(number, project, outside), name=f"stories {number}")
            for number in range(STORIES_AT_ONCE)
        ]
        for thread in threads:
            thread.start()
        points = Points(self.servers.folder / "points")
        struggle = Struggle(self.servers, self.fleet, points, takeovers, self.rng, self.count)
        self._strike(struggle, kind, time.monotonic() + seconds)
        self._over.set()
        for thread in threads:
            thread.join()
        self._judge_leases()

    def _strike(self, struggle: Struggle, kind: str, ends: float) -> None:
        faults = faults_of(kind)
        weights = [weight for weight, _ in faults.values()]
        time.sleep(3)  # for something to be under way
        while time.monotonic() < ends:
            [name] = self.rng.choices(list(faults), weights)
            with suppress(OSError):  # it was down already
                faults[name][1](struggle)
            time.sleep(self.rng.uniform(0.1, 1.0))
        self.servers.cluster_proxy.clear()
        self.servers.aws_proxy.clear()

    def _live(self, thread: int, project: tuple[str, dict[str, str]], outside: Outside) -> None:
        rng = random.Random(self.rng.random())
        number = 0
        while not self._over.is_set():
            number += 1
            name = f"story-{thread}-{number}"
            with self._client(rng.random()) as client:
                story = Story(self.servers, client, rng, name, project[1], project[0])
                with self._lock:
                    self._faults[name] = story.faults
                try:
                    self._tell(story, outside)
                except Exception as error:  # noqa: BLE001  # whatever it is, it belongs into the table
                    self._judge("everything ended", story, f"{name}: {type(error).__name__}: {error}")
                finally:
                    with self._lock:
                        del self._faults[name]
                        self._note(story)

    def _tell(self, story: Story, outside: Outside) -> None:
        foreign = plant(outside, story.name, story.domain, own_namespace=story.rng.random() < 0.5)
        story.begin()
        ports = list(self.fleet.ports.values())
        followers = [
            Follower(ports, story.environment_id, story.first_cursor, random.Random(story.rng.random()))
            for _ in range(FOLLOWERS)
        ]
        for follower in followers:
            follower.start()
        try:
            story.change(story.rng.randint(3, 7), self._over)
            story.settle()
            for promise, kept in WHILE_IT_RUNS.items():
                self._look(promise, kept, story, outside)
            story.destroy()
            for promise, kept in AFTER_DESTROY.items():
                self._look(promise, kept, story, outside)
            self._try("foreign untouched", story, foreign.untouched)
            self._judge("everything ended", story, None)
            for follower in followers:
                follower.join(60)
            self._try("seen in order", story, lambda: seen_once_and_in_order(story, followers))
            self.findings.done["streams"] += sum(follower.connections for follower in followers)
        finally:
            for follower in followers:
                follower.stop()

    def _look(self, promise: str, kept: Promise, story: Story, outside: Outside) -> None:
        self._try(promise, story, lambda: patiently(lambda: kept(story, outside)))

    def _try(self, promise: str, story: Story, kept: Callable[[], None]) -> None:
        message = None
        try:
            kept()
        except AssertionError as broken:
            message = f"{story.name}: {broken}"
        self._judge(promise, story, message)

    def _note(self, story: Story) -> None:
        done = self.findings.done
        done["environments"] += 1
        done["operations"] += len(story.accepted)
        done["operations retried by hand"] += len(story.failures)
        self.findings.failures += story.failures
        done["requests without an answer"] += story.client.unanswered

    def _judge(self, promise: str, story: Story, message: str | None) -> None:
        with self._lock:
            self.findings.judge(promise, Counter(story.faults), message)

    def _judge_leases(self) -> None:
        with self.servers.database.reading() as session:
            held = owners(session)
            count = session.exec(select(func.count(col(Operation.id)))).one()
        self.findings.done["operations in the database"] = count
        if held:
            self.findings.messages.append(f"no dead lease: held by {held}")

    def _client(self, seed: float) -> Client:
        return Client(list(self.fleet.ports.values()), random.Random(seed))


def make_project(client: Client) -> tuple[str, dict[str, str]]:
    """Its id, and those of its services by their names."""
    answer = client.mutate("createProject", keyed=False, name="chaos", services=[blueprint(name) for name in SERVICES])
    project = answer["project"]
    return project["id"], {service["name"]: service["id"] for service in project["services"]["nodes"]}


def blueprint(name: str) -> Json:
    return {
        "name": name,
        "kind": "APPLICATION",
        "configuration": {
            "source": {"image": {"image": "example.com/app:0"}},
            "networking": {
                "ports": [{"name": "http", "number": 8080}],
                "ingress": [{"host": name, "path": "/", "port": "http"}],
            },
        },
    }


def run(minutes: float, seed: int, kind: str, bug: str | None = None) -> tuple[Findings, str]:
    """What it found, and that as a table."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="phaseline-chaos-")))
        servers = stack.enter_context(running_servers(folder, kind))
        fleet = stack.enter_context(running_fleet(servers, clocks=CLOCKS, bug=bug))
        if kind == "sqlite":
            stack.enter_context(fleet.ending_the_frozen())
        takeovers = Takeovers(servers.database).start()
        stack.callback(takeovers.stop)
        going = Run(servers, fleet, random.Random(seed))
        going.go(minutes * 60, kind, takeovers, stack.enter_context(closing(Outside(servers))))
        going.findings.done["processes that ended"] = len(fleet.ended)
        return going.findings, table(going.findings, takeovers.seconds)
