"""Commits transitions as a worker does, in a process of its own: PORT.

`/emit/NUMBER` moves the followed environment on and rings; `?environments=N` the first N of them, one after the other.
Answers with the instant of the (last) commit, in nanoseconds of the monotonic clock that all processes share.
"""

import os
import sys
import time

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bench.seeds import new_id
from jobs.queue import Queue, Ring, connect
from models.database import Database, open_database
from models.installation import read_installation, redis_namespace
from models.phases import lock_environment, move
from models.vocabulary import EnvironmentPhase


class Writer:
    def __init__(self, database: Database, redis_url: str) -> None:
        self._database = database
        with database.writing() as session:
            namespace = redis_namespace(read_installation(session))
        self._queue = Queue(connect(redis_url), namespace)

    def move_on(self, environment_id: str) -> int:
        """To UPDATING or back to ACTIVE; returns the instant of the commit."""
        with self._database.writing() as session:
            environment = lock_environment(session, environment_id)
            assert environment is not None
            is_active = environment.phase is EnvironmentPhase.ACTIVE
            move(session, environment, EnvironmentPhase.UPDATING if is_active else EnvironmentPhase.ACTIVE)
        committed = time.monotonic_ns()
        self._queue.ring(Ring(environment.id, environment.project_id))
        return committed

    async def emit(self, request: Request) -> JSONResponse:
        count = int(request.query_params.get("environments", 1))
        committed = [self.move_on(new_id("env", number)) for number in range(count)]
        return JSONResponse({"committed": str(committed[-1])})


if __name__ == "__main__":
    writer = Writer(open_database(os.environ["DATABASE_URL"]), os.environ["REDIS_URL"])
    app = Starlette(routes=[Route("/emit/{number:int}", writer.emit)])
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
