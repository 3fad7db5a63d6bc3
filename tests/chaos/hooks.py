"""Puts the named points, a wrong clock and a full disk into a process of the product, from outside of its code."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

import jobs.runner
import models.columns
from jobs.adapters.kubernetes.api import Api
from jobs.adapters.route53.zones import Zones
from jobs.ports import Ports
from jobs.queue import Queue, Ring
from tests.chaos.points import Points, product_function


class NamedPoints:
    """Those of one kind of process: `worker before send`."""

    def __init__(self, points: Points, kind: str) -> None:
        self._points = points
        self._kind = kind

    def reach(self, point: str) -> None:
        self._points.reach(f"{self._kind} {point}")


def install_points(points: NamedPoints) -> None:
    """Around each commit, each send, each ring and each effect outside."""

    @event.listens_for(Engine, "commit")
    def before(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        points.reach(f"before commit {product_function()}")

    @event.listens_for(Session, "after_commit")
    def after(session: Session) -> None:  # pyright: ignore[reportUnusedFunction]
        points.reach(f"after commit {product_function()}")

    _around_the_queue(points)
    _before_requests(points)
    guarded = jobs.runner.guarded

    def striking(ports: Ports, guard: Callable[[], None]) -> Ports:
        # within the guard: a process may be frozen between the look at its lease and the effect
        return guarded(with_points(ports, points), guard)

    jobs.runner.guarded = striking


def _around_the_queue(points: NamedPoints) -> None:
    send, ring = Queue.send, Queue.ring

    def sending(queue: Queue, operation_id: str) -> bool:
        points.reach("before send")
        sent = send(queue, operation_id)
        points.reach("after send")
        return sent

    def ringing(queue: Queue, rung: Ring) -> None:
        points.reach("before ring")
        ring(queue, rung)
        points.reach("after ring")

    Queue.send, Queue.ring = sending, ringing  # pyright: ignore[reportAttributeAccessIssue]  # by position only


def _before_requests(points: NamedPoints) -> None:
    """Behind the last look at the lease: what is sent from here on may be late."""
    call, change = Api._request, Zones.change  # pyright: ignore[reportPrivateUsage]

    def calling(api: Api, method: str, *args: Any, **kwargs: Any) -> Any:
        if method != "GET":
            points.reach(f"before {method} to the cluster")
        return call(api, method, *args, **kwargs)

    def changing(zones: Zones, *args: Any) -> str | None:
        points.reach("before a change of the zone")
        return change(zones, *args)

    # by position only
    Api._request = calling  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
    Zones.change = changing  # pyright: ignore[reportAttributeAccessIssue]


class _Port:
    def __init__(self, port: Any, name: str, points: NamedPoints) -> None:
        self._port, self._name, self._points = port, name, points

    def under(self, guard: Callable[[], None]) -> "_Port":
        return _Port(self._port.under(guard), self._name, self._points)

    def __getattr__(self, method: str) -> Any:
        original = getattr(self._port, method)

        def effect(*args: Any, **kwargs: Any) -> Any:
            self._points.reach(f"before {self._name}.{method}")
            result = original(*args, **kwargs)
            self._points.reach(f"after {self._name}.{method}")
            return result

        return effect


def with_points(ports: Ports, points: NamedPoints) -> Ports:
    made = {name: cast(Any, _Port(getattr(ports, name), name, points)) for name in ("cluster", "dns", "secrets")}
    return Ports(**made, ingress_address=ports.ingress_address)


def set_clock_apart(seconds: float) -> None:
    """The wall clock of this process, but for its leases, which must not look at it."""
    right = time.time

    class Wrong(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + timedelta(seconds=seconds)

    models.columns.datetime = Wrong  # pyright: ignore[reportPrivateImportUsage]
    time.time = lambda: right() + seconds


def watch_for_a_full_disk(sign: Path) -> None:
    """While the file is there, SQLite finds no room for another page."""

    @event.listens_for(Engine, "begin")
    def begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        if connection.dialect.name == "sqlite":
            # lower than what there is: it takes what there is
            pages = 1 if sign.exists() else 1_000_000
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
