"""What an API process must not need: rights in a cluster or a cloud, and the time and memory of their clients."""

import os
import subprocess
import sys
from pathlib import Path

from models.sealing import generate_key

CLIENTS = ("kubernetes", "boto3", "botocore", "moto")
STARTED = f"""
import sys
from app import create_app
create_app()
print([name for name in {CLIENTS!r} if name in sys.modules])
"""


def test_an_api_process_imports_no_client_of_a_cluster_or_a_cloud(tmp_path: Path) -> None:
    environment = {**os.environ, "SECRETS_KEY": generate_key(), "DATABASE_URL": f"sqlite:///{tmp_path}/phaseline.db"}
    done = subprocess.run([sys.executable, "-c", STARTED], capture_output=True, text=True, env=environment, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
