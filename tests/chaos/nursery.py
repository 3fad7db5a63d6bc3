"""Starts processes of the product in milliseconds: imports everything once, and forks.

Reads lines of JSON, `{"name", "log", "environment"}`; writes `name pid` when one was started and `name pid code` when
it ended. A process whose name begins with `api` is an API, any other a worker by dramatiq's command line.
"""

import contextlib
import json
import os
import select
import signal
import sys
from typing import Any

from dramatiq import cli

from tests.chaos import entry


def main() -> None:
    alarm, ringing = os.pipe()
    os.set_blocking(ringing, False)
    signal.set_wakeup_fd(ringing)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    names: dict[int, str] = {}
    tell("ready")
    while True:
        asked, _, _ = select.select([0, alarm], [], [])
        if alarm in asked:
            os.read(alarm, 1000)
            reap(names)
        if 0 in asked:
            lines = os.read(0, 1 << 20)
            if not lines:  # whoever started this has ended, in whatever way
                for pid in names:
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(pid, signal.SIGKILL)
                return
            for line in lines.splitlines():
                order = json.loads(line)
                pid = fork(order)
                names[pid] = order["name"]
                tell(f"{order['name']} {pid}")


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def reap(names: dict[int, str]) -> None:
    while names:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        tell(f"{names.pop(pid)} {pid} {os.waitstatus_to_exitcode(status)}")


def fork(order: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        code = run(order)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        os._exit(code)


def run(order: dict[str, Any]) -> int:
    """In the new process, which leads a group of its own."""
    os.setsid()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.closerange(3, 64)
    os.environ.update(order["environment"])
    if order["name"].startswith("api"):
        entry.serve()
        return 0
    arguments = ["tests.chaos.entry:boot", "--processes", "1", "--threads", "8", "--worker-shutdown-timeout", "8000"]
    dramatiq: Any = cli
    return dramatiq.main(dramatiq.make_argument_parser().parse_args(arguments)) or 0


if __name__ == "__main__":
    main()
