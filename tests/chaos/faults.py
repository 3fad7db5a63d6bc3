"""What can go wrong, each as a function that makes it go wrong and, where it passes, waits for that."""

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import psycopg

from tests.chaos.fleet import APIS, WORKERS, Fleet
from tests.chaos.points import Points
from tests.chaos.servers import Servers
from tests.chaos.takeover import Takeovers
from tests.jobs.adapters.proxy import Answer, Fault, FaultProxy, Forward, Request, cut_answer, lose_answer, reset

#: Longer than a lease, in seconds: others go on before the frozen one wakes.
FREEZE = 8.0


@dataclass(frozen=True)
class Struggle:
    """What a fault strikes. `count(name)` is called for each fault when it has struck."""

    servers: Servers
    fleet: Fleet
    points: Points
    takeovers: Takeovers
    rng: random.Random
    count: Callable[[str], None]

    def hit(self, name: str, number: int, fault: str) -> None:
        child, alone = self.fleet.child(name), self.is_alone(name)
        self.fleet.signal(name, number)
        self.count(fault)
        if name in WORKERS and number != signal.SIGTERM:
            self.takeovers.struck(child, how(number, alone))
        if number == signal.SIGSTOP:
            time.sleep(FREEZE)
            self.takeovers.woken(child)
            self.fleet.signal(name, signal.SIGCONT)

    def is_alone(self, name: str) -> bool:
        """Whether nobody could take over at once: the other worker is on its way, after the fault before."""
        return not all(self.fleet.is_ready(other) for other in WORKERS if other != name)


def how(number: int, alone: bool) -> str:
    fault = "killed" if number == signal.SIGKILL else "frozen"
    return f"{fault} while the other one was starting" if alone else fault


def _process(kind: tuple[str, ...], number: int, fault: str) -> Callable[[Struggle], None]:
    def strike(on: Struggle) -> None:
        on.hit(on.rng.choice(kind), number, fault)

    return strike


def _named_point(number: int, fault: str) -> Callable[[Struggle], None]:
    """At any point that some process has been at before."""

    def strike(on: Struggle) -> None:
        seen = on.points.seen()
        if not seen:
            return
        point, before = on.rng.choice(seen), len(on.points.struck())
        on.points.plan(point, number)
        ends = time.monotonic() + 5
        while len(on.points.struck()) == before and time.monotonic() < ends:
            time.sleep(0.02)
        if on.points.call_off(point):
            return
        pid = on.points.struck()[-1].pid
        on.count(f"{fault} {kind_of(point)}")
        name = next((name for name in WORKERS if on.fleet.child(name) == pid), "")
        on.takeovers.struck(pid, how(number, on.is_alone(name)))
        if number == signal.SIGSTOP:
            time.sleep(FREEZE)
            on.takeovers.woken(pid)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    return strike


def kind_of(point: str) -> str:
    if "commit" in point:
        return "a commit"
    return "a send" if point.endswith((" send", " ring")) else "an effect"


def kill_redis(on: Struggle) -> None:
    on.servers.redis.kill()
    on.count("redis killed")
    time.sleep(on.rng.uniform(0, 3))
    on.servers.redis.start()


def empty_redis(on: Struggle) -> None:
    on.servers.redis.kill()
    shutil.rmtree(on.servers.folder / "redis" / "appendonlydir", ignore_errors=True)
    (on.servers.folder / "redis" / "appendonly.aof").unlink(missing_ok=True)
    on.count("redis restarted empty")
    on.servers.redis.start()


def pause_redis(on: Struggle) -> None:
    pid = on.servers.redis.pid
    os.kill(pid, signal.SIGSTOP)
    on.count("redis paused")
    time.sleep(on.rng.uniform(1, 5))
    os.kill(pid, signal.SIGCONT)


def lose_replies_of_redis(on: Struggle) -> None:
    on.servers.relay.lose_replies = True
    on.count("redis replies lost")
    time.sleep(on.rng.uniform(0.2, 2))
    on.servers.relay.lose_replies = False


def restart_postgresql(on: Struggle) -> None:
    assert on.servers.postgresql is not None
    on.servers.postgresql.halt()
    on.count("postgresql restarted")
    time.sleep(on.rng.uniform(0, 3))
    on.servers.postgresql.start()


def cut_connections(on: Struggle) -> None:
    assert on.servers.postgresql is not None
    with psycopg.connect(f"host=127.0.0.1 port={on.servers.postgresql.port} user=postgres", autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    on.count("postgresql connections cut")


def fill_the_disk(on: Struggle) -> None:
    on.servers.full_disk.touch()
    on.count("disk full")
    time.sleep(on.rng.uniform(0.5, 3))
    on.servers.full_disk.unlink()


def _status(status: int) -> Fault:
    def fault(_request: Request, _forward: Forward) -> Answer:
        return Answer(status, b"{}", "application/json", {"Retry-After": "1"} if status == 429 else {})

    return fault


def delay(request: Request, forward: Forward) -> Answer:
    time.sleep(1.5)
    return forward(request)


def black_hole(_request: Request, _forward: Forward) -> None:
    time.sleep(12)  # longer than a client waits


SPOILT: dict[str, Fault] = {
    "delay": delay,
    "reset": reset,
    "429": _status(429),
    "500": _status(500),
    "half a response": cut_answer,
    "answer lost": lose_answer,
    "black hole": black_hole,
}


def _upstream(proxy_of: Callable[[Servers], FaultProxy], fault: Fault, name: str) -> Callable[[Struggle], None]:
    def strike(on: Struggle) -> None:
        def counted(request: Request, forward: Forward) -> Answer | None:
            on.count(name)
            return fault(request, forward)

        proxy = proxy_of(on.servers)
        proxy.clear()
        proxy.on("anything", counted, times=on.rng.randint(1, 3))

    return strike


def faults_of(database: str) -> dict[str, tuple[int, Callable[[Struggle], None]]]:
    """Every fault by its name, with its weight."""
    found: dict[str, tuple[int, Callable[[Struggle], None]]] = {
        "worker kill -9": (6, _process(WORKERS, signal.SIGKILL, "worker kill -9")),
        "worker frozen": (3, _process(WORKERS, signal.SIGSTOP, "worker frozen")),
        "worker SIGTERM": (3, _process(WORKERS, signal.SIGTERM, "worker SIGTERM")),
        "API kill -9": (3, _process(APIS, signal.SIGKILL, "API kill -9")),
        "API frozen": (2, _process(APIS, signal.SIGSTOP, "API frozen")),
        "API SIGTERM": (3, _process(APIS, signal.SIGTERM, "API SIGTERM")),
        "kill -9 at": (8, _named_point(signal.SIGKILL, "kill -9 at")),
        "frozen at": (4, _named_point(signal.SIGSTOP, "frozen at")),
        "redis killed": (3, kill_redis),
        "redis restarted empty": (2, empty_redis),
        "redis paused": (2, pause_redis),
        "redis replies lost": (4, lose_replies_of_redis),
    }
    if database == "postgresql":
        found |= {
            "postgresql restarted": (3, restart_postgresql),
            "postgresql connections cut": (4, cut_connections),
        }
    else:
        found["disk full"] = (5, fill_the_disk)
    for name, fault in SPOILT.items():
        found[f"kubernetes {name}"] = (3, _upstream(lambda s: s.cluster_proxy, fault, f"kubernetes {name}"))
        found[f"aws {name}"] = (3, _upstream(lambda s: s.aws_proxy, fault, f"aws {name}"))
    return found
