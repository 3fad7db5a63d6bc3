"""A Kubernetes API for a machine that has no cluster, in a process of its own. For trying and testing.

It runs no containers. It serves the API, and small controllers tell of every object what a cluster would tell, so that
the official client, kubectl and controllers can't tell it apart for what they do. Anybody can make things fail:

=================================================================  ====================================================
What an object says                                                What happens
=================================================================  ====================================================
a container's image contains `missing`                             ErrImagePull, then ImagePullBackOff, with events
its command ends in `false` or contains `exit 1`                   it crashes: CrashLoopBackOff, or a failed Job
its image contains `buildkit`                                      it logs, and its termination message is JSON with
                                                                   `containerimage.digest`, the same for the same spec
… and its command looks for `containerimage.digest` itself         … and the message is the digest alone
… and a repository in its arguments or variables has `missing`     the build fails: no such repository
… and the pod's arguments or variables contain `failing`           the build fails with exit code 1
it clones with git, and the repository's address has `missing`     exit code 128, and git's words in its log
it needs a Secret or ConfigMap that is not there                   CreateContainerConfigError until it is
a pod is annotated `simulate/pod: imagepull`, `crash`, `notready`  as above; or it never becomes ready
a Service is annotated `simulate/load-balancer: stuck`             its load balancer is never cleaned up
a Service or Ingress is annotated `simulate/address: <address>`    it publishes that address; an Ingress `none`: none
a claim's storage class is `retained`                              its volume stays, Released (`standard`: it goes)
an APIService or a webhook names a service                         nobody can reach it
=================================================================  ====================================================

What is left out: nodes and scheduling (there is one node), networks, disruption budgets, metrics, `exec` and
`port-forward`, mutating what admission webhooks would, defaults and rules of the schemas of custom kinds.
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
