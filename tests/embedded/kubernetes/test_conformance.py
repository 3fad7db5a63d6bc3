"""The embedded server does what a real API server does, by a script that passes on one.

The script is not of this repository: where it does not lie beside it, what it looks at is still tried by `api` and
`controllers` here.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from embedded.kubernetes import RunningKubernetes

SCRIPT = Path(__file__).parents[4] / "shared" / "checks" / "kubernetes_api.py"


@pytest.mark.skipif(not SCRIPT.exists(), reason=f"there is no {SCRIPT.name}")
def test_every_behaviour_of_a_real_server_holds(own_server: RunningKubernetes) -> None:
    command = [sys.executable, str(SCRIPT), own_server.url, own_server.token, str(own_server.authority)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=170)
    failed = [line for line in ended.stdout.splitlines() if line.startswith("FAIL")]
    assert failed == []
    assert ended.stdout.endswith("47/47 ok\n"), ended.stderr
    assert ended.returncode == 0
