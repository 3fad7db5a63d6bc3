"""An AWS API for a machine that has no account: moto's Route53 and Secrets Manager, in a process of their own.

For trying and testing. Moto is laxer than AWS in many ways; what runs against it may still be refused there.
"""

import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from embedded.process import Running, spawn

READY = re.compile(r"serving (?P<url>http://\S+) zone (?P<zone>\S+)")
REGION = "us-east-1"


@dataclass(frozen=True)
class RunningAws:
    url: str
    #: The id of the domain's hosted zone.
    zone_id: str
    #: Ends when the server does.
    process: subprocess.Popen[bytes]
    running: Running

    @property
    def environment(self) -> Mapping[str, str]:
        """What a process needs in its environment so that boto3 finds this server. Any credentials will do."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "embedded",
            "AWS_SECRET_ACCESS_KEY": "embedded",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def stop(self) -> None:
        self.running.stop()


def start(folder: Path, domain: str = "phaseline.test") -> RunningAws:
    """Starts the server with its state in `folder` and returns when it answers.

    It has a public hosted zone for `domain`. State, ids and, where it is free, the port are those of the last start,
    also after a kill -9.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = [sys.executable, "-m", "embedded.aws_server", str(folder), domain]
    running = spawn("aws", command, folder, READY, {"PYTHONPATH": str(Path(__file__).parent.parent)})
    return RunningAws(running.ready["url"], running.ready["zone"], running.process, running)
