"""A worker whose sweeper has ended by a defect ends too, for somebody to start it anew."""

import os
import subprocess
import sys
from pathlib import Path

from models.database import open_database
from models.migrate import upgrade
from models.operation import Operation
from models.sealing import generate_key
from models.vocabulary import OperationKind, OperationStatus
from tests.jobs.seeds import seed
from tests.redis_server import RedisServer

ROOT = Path(__file__).parents[2]
NO_CLUSTER = """
apiVersion: v1
kind: Config
current-context: none
contexts: [{name: none, context: {cluster: none, user: none}}]
clusters: [{name: none, cluster: {server: "http://127.0.0.1:1"}}]
users: [{name: none, user: {token: none}}]
"""


def test_the_worker_ends_and_says_which_thread(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/phaseline.db"
    database = open_database(url)
    upgrade(database)
    staging = seed(database, "web")
    operation = staging.queue(OperationKind.UPDATE_SERVICE, "web")
    with database.writing() as session:
        row = session.get_one(Operation, operation)
        row.status, row.owner, row.lease_until = OperationStatus.RUNNING, "another", 2.0**40
    # a file that a worker has locked is no folder: the sweeper does not know what to think of it
    (tmp_path / "phaseline.db.workers" / "another").mkdir(parents=True)
    (tmp_path / "kubeconfig").write_text(NO_CLUSTER)
    redis = RedisServer(tmp_path / "redis")
    environment = {
        "DATABASE_URL": url,
        "REDIS_URL": redis.url,
        "SECRETS_KEY": generate_key(),
        "KUBECONFIG": str(tmp_path / "kubeconfig"),
        "AWS_REGION": "us-east-1",
    }
    command = [sys.executable, "-m", "dramatiq", "jobs.worker:boot", "--processes", "1", "--threads", "1"]
    try:
        ended = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120
        )
    finally:
        redis.stop()
    assert ended.returncode == 0, "dramatiq shut down in an orderly way: every lease was handed back"
    assert '"thread": "sweeper"' in ended.stderr
    assert "IsADirectoryError" in ended.stderr
    assert staging.operation(operation).owner == "another", "which had its lease still"
    database.close()
