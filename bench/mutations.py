"""Mutations while many listen and a worker is busy: how many are accepted, how long each takes, and its CPU."""

import time
from statistics import median

from bench.following import following
from bench.installation import KINDS, Installation, installation
from bench.loading import load
from bench.report import Goal, Section, Table
from bench.rounds import Medians, Scale, in_turn
from bench.seeds import ENVIRONMENTS, SERVICES, new_id
from bench.servers import Server, Side, serving
from bench.workers import IDLE, working
from models.access import Access
from models.mutations.request import Request
from models.mutations.update_service import update_service
from models.sealing import Sealer
from models.vocabulary import Role

UPDATE = """mutation Update($input: UpdateServiceInput!) {
  updateService(input: $input) { __typename ... on UpdateServiceAccepted { operation { id status } } }
}"""
CHANGE: dict[str, object] = {"deployment": {"replicas": 2}}
#: The load generator counts the places of the id up.
INPUT = {"input": {"serviceId": f"svc_{{{{{ENVIRONMENTS}}}}}{{{{{SERVICES}}}}}", "configuration": CHANGE}}
#: Of SQLite; elsewhere the goal is reached.
WAITS = "SQLite has one writer: the API waits for the worker's transactions"
REASON = "13 statements, each through SQLAlchemy; over memory there is none"
BARE, ONE, EIGHT, MEMORY = "bare transaction", "API, one client", "API, eight clients", "API over memory, one client"


def run(scale: Scale) -> Section:
    rows: list[list[str]] = []
    goals: list[Goal] = []
    for kind in KINDS:
        found = _measure(kind, scale)
        for name, seen in found.items():
            cpu = f"{seen['cpu'] * 1e6:.0f}" if name != BARE else ""
            rows.append([f"{kind}, {name}", f"{seen['a second']:.0f}", f"{seen['p50']:.1f}", f"{seen['p99']:.1f}", cpu])
        goals += [
            Goal(
                f"{kind}: p99 of one client against the bare transaction's",
                _ratio(found, ONE, BARE, "p99"),
                10,
                reason=WAITS,
            ),
            Goal(
                f"{kind}: server CPU against the same mutation over memory",
                _ratio(found, ONE, MEMORY, "cpu"),
                1.6,
                reason=REASON,
            ),
        ]
    return Section(
        "Mutations",
        f"`updateService` of one after the other of {ENVIRONMENTS * SERVICES} services, while 1000 subscribers listen "
        "to an environment and a worker with eight threads carries out what was accepted, with a cluster that does "
        "everything at once. The bare transaction is the same model function in a loop. Accepted a second, "
        "milliseconds, and microseconds of the API process's CPU.",
        [Table(["", "a second", "p50", "p99", "CPU"], rows)],
        goals,
    )


def _ratio(found: dict[str, Medians], one: str, other: str, figure: str) -> float:
    return found[one][figure] / found[other][figure]


def _measure(kind: str, scale: Scale) -> dict[str, Medians]:
    with (
        installation(kind) as installed,
        working(IDLE, installed.environment),
        serving(Side("Phaseline", "product"), installed.environment) as stored,
        serving(Side("memory", "product", ("memory",)), installed.environment) as memory,
        following(stored, 50 if scale.quick else 1000, "idle"),
    ):
        sides = {
            BARE: lambda: bare(installed, scale.seconds),
            ONE: lambda: accepted(stored, scale.seconds, 1),
            EIGHT: lambda: accepted(stored, scale.seconds, 8),
            MEMORY: lambda: accepted(memory, scale.seconds, 1),
        }
        for warm_up in sides.values():
            warm_up()
        return in_turn(sides, scale.rounds, lambda measure: measure())


def accepted(server: Server, seconds: float, clients: int) -> dict[str, float]:
    return load(server, UPDATE, INPUT, seconds, clients)


def bare(installed: Installation, seconds: float) -> dict[str, float]:
    sealer = Sealer(installed.environment["SECRETS_KEY"])
    request = Request(Access("bench", everywhere=Role.ADMIN))
    times: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        service = new_id("svc", len(times) % ENVIRONMENTS, len(times) % SERVICES)
        began = time.monotonic()
        with installed.database.writing() as session:
            update_service(session, request, service_id=service, change=CHANGE, expected_revision=None, sealer=sealer)
        times.append((time.monotonic() - began) * 1000)
    times.sort()
    return {"a second": len(times) / seconds, "p50": median(times), "p99": times[int(len(times) * 0.99)], "cpu": 0}
