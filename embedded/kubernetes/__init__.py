"""A Kubernetes API for a machine that has no cluster, in a process of its own. For trying and testing.

It runs no containers. It serves the API, and controllers tell of every object what a cluster would tell, so that the
official clients, kubectl and controllers can't tell it apart for what they do.
"""

import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from embedded.kubernetes.files import Files
from embedded.kubernetes.timing import Timing
from embedded.process import Running, spawn

READY = re.compile(r"serving (?P<url>https://\S+)")


@dataclass(frozen=True)
class RunningKubernetes:
    url: str
    #: For the admin, who may do everything. Stays the same, and valid, across restarts.
    kubeconfig: Path
    #: The certificate that clients trust (PEM).
    authority: Path
    #: The admin's bearer token.
    token: str
    #: Ends when the server does.
    process: subprocess.Popen[bytes]
    running: Running

    def stop(self) -> None:
        self.running.stop()


def start(folder: Path, timing: Timing | None = None) -> RunningKubernetes:
    """Starts the server with its state in `folder` and returns when it answers.

    Objects, credentials and, where it is free, the port are those of the last start, also after a kill -9.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = Files(folder)
    options = orjson.dumps(asdict(timing or Timing())).decode()
    command = [sys.executable, "-m", "embedded.kubernetes.server", str(folder), options]
    running = spawn("kubernetes", command, folder, READY, {"PYTHONPATH": str(Path(__file__).parents[2])})
    token = files.admin_token.read_text()
    return RunningKubernetes(running.ready["url"], files.kubeconfig, files.authority, token, running.process, running)
