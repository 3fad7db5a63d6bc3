"""Changes environments as workers do: `python -m … DATABASE_URL REDIS_URL SEED TURNS ENVIRONMENT…`.

Several at once may change the same environments. At the end it destroys them.
"""

import random
import sys
import time

from jobs.queue import Queue, Ring, connect
from models.database import Database, open_database
from models.environment import Environment
from models.installation import read_installation, redis_namespace
from models.phases import TABLE, lock_environment, move
from models.vocabulary import EnvironmentPhase

DESTROYED = EnvironmentPhase.DESTROYED


class Writer:
    def __init__(self, database: Database, redis_url: str) -> None:
        self._database = database
        with database.writing() as session:
            namespace = redis_namespace(read_installation(session))
        self._queue = Queue(connect(redis_url), namespace)

    def change(self, environment_id: str, choose: "Choose") -> Environment:
        """Moves the environment on to a phase that may follow its own, if there is one, and rings."""
        with self._database.writing() as session:
            environment = lock_environment(session, environment_id)
            assert environment is not None
            possible = sorted(TABLE[environment.phase])
            if possible:
                move(session, environment, choose(environment.phase, possible))
        self._queue.ring(Ring(environment.id, environment.project_id))
        return environment


class Choose:
    """A phase that may follow, DESTROYED only when it shall end."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.ending = False

    def __call__(self, phase: EnvironmentPhase, possible: list[EnvironmentPhase]) -> EnvironmentPhase:
        if not self.ending:
            return self._chance.choice([one for one in possible if one is not DESTROYED])
        return DESTROYED if phase is EnvironmentPhase.DESTROYING else EnvironmentPhase.DESTROYING


def main(database_url: str, redis_url: str, seed: str, turns: str, *environments: str) -> None:
    chance = random.Random(int(seed))
    choose = Choose(chance)
    writer = Writer(open_database(database_url), redis_url)
    for _ in range(int(turns)):
        writer.change(chance.choice(environments), choose)
        time.sleep(chance.random() * 0.03)
    choose.ending = True
    for environment in environments:
        while writer.change(environment, choose).phase is not DESTROYED:
            pass


if __name__ == "__main__":
    main(*sys.argv[1:])
