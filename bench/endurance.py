"""What the processes of the product hold after they have worked for long."""

import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.machine import PAGE_SIZE
from bench.report import Goal, Section, Table
from bench.rounds import Scale
from tests.postgresql import Postgresql
from tests.system.mutating import mutate, send
from tests.system.running import Json, Phaseline

PROCESSES = ("API", "worker")
MEGABYTE = 1e6
#: Every listener is a new connection.
LISTENERS = 20
QUERIES = 20
#: So many rows in the table.
ROWS = 12
#: What is imported and cached with the first work is not counted as growth.
WARM_UP = 0.2

SAMPLE = """{ environment(name: "acme-staging") { id domain project { id services { nodes { id name } } }
  services { nodes { id name kind status revision configuration { variables { name value } } releases(first: 3) {
    nodes { revision image } } } } } }"""
CREATE = """mutation ($input: CreateEnvironmentInput!) { createEnvironment(input: $input) {
  ... on EnvironmentCreated { environment { id } } } }"""
FOLLOW = "subscription ($id: ID!) { environmentPhaseChanged(environmentId: $id) { sequence phase operation { id } } }"


@dataclass
class Endurance:
    """The product by its one command on PostgreSQL, and a client that never rests."""

    phaseline: Phaseline
    began: float = field(default_factory=time.monotonic)
    operations: int = 0
    environments: int = 0
    #: Seconds since the beginning, operations until then, and bytes of each of the processes.
    seen: list[tuple[float, int, tuple[int, ...]]] = field(default_factory=list[tuple[float, int, tuple[int, ...]]])

    def run(self, minutes: float) -> None:
        while (now := time.monotonic() - self.began) < minutes * 60:
            self._work()
            self.seen.append((now, self.operations, tuple(map(self._memory, PROCESSES))))

    def _work(self) -> None:
        """Everything once: streams, queries, an update, and an environment from its creation to its end."""
        sample: Json = self.phaseline.ask(SAMPLE)["environment"]
        with ExitStack() as listening:
            for _ in range(LISTENERS):
                next(listening.enter_context(self.phaseline.subscribed(FOLLOW, id=sample["id"])))
            for _ in range(QUERIES):
                self.phaseline.ask(SAMPLE)
            web = next(service["id"] for service in sample["services"]["nodes"] if service["name"] == "web")
            self._mutate("updateService", serviceId=web, configuration={"arguments": [f"--{self.operations}"]})
        self._live_and_die(sample["project"], sample["domain"].partition(".")[2])

    def _live_and_die(self, project: Json, zone: str) -> None:
        self.environments += 1
        name = f"endurance-{self.environments}"
        asked = {"projectId": project["id"], "name": name, "namespace": name, "domain": f"{name}.{zone}"}
        created = self.phaseline.ask(CREATE, input=asked)["createEnvironment"]["environment"]["id"]
        for service in project["services"]["nodes"][:2]:
            send(self.phaseline, "addService", environmentId=created, projectServiceId=service["id"])
            self.operations += 1
        self._mutate("destroyEnvironment", environmentId=created, confirmName=name)

    def _mutate(self, mutation: str, **fields: object) -> None:
        ended = mutate(self.phaseline, mutation, **fields)
        assert ended["status"] == "SUCCEEDED", ended
        self.operations += 1

    def _memory(self, process: str) -> int:
        group = self.phaseline.group(process.lower())
        stats = [path.read_text().rpartition(")")[2].split() for path in Path("/proc").glob("[0-9]*/stat")]
        return sum(int(fields[21]) for fields in stats if int(fields[2]) == group) * PAGE_SIZE


def run(scale: Scale) -> Section:
    server = Postgresql()
    with TemporaryDirectory(prefix="phaseline-bench-") as folder:
        settings = {"DATABASE_URL": server.new_database(), "LIMITS__MUTATIONS_PER_MINUTE": "10000"}
        phaseline = Phaseline(Path(folder) / "state", settings=settings).start()
        try:
            endurance = Endurance(phaseline)
            endurance.run(scale.minutes)
        finally:
            phaseline.stop()
            server.stop()
    seen = endurance.seen
    warm = next(one for one in seen if one[0] >= seen[-1][0] * WARM_UP)
    rows = [
        [f"{seconds / 60:.0f}", str(operations), *(f"{size / MEGABYTE:.0f}" for size in sizes)]
        for seconds, operations, sizes in seen[:: max(1, len(seen) // ROWS)]
    ]
    return Section(
        "Endurance",
        f"The one command on PostgreSQL, asked without a pause for {scale.minutes:g} minutes: {endurance.operations} "
        f"operations, {endurance.environments} environments from their creation to DESTROYED, "
        f"{len(seen) * LISTENERS} streams and {len(seen) * QUERIES} queries. Megabytes that the processes of the API "
        "and of the worker hold.",
        [Table(["minutes", "operations", *PROCESSES], rows)],
        [
            Goal(f"{name}: at the end against after {WARM_UP:.0%} of the time", last / first, 1.1)
            for name, first, last in zip(PROCESSES, warm[2], seen[-1][2], strict=True)
        ],
    )
