"""Runs a server that must not outlive whoever started it.

    python guard.py LOCK COMMAND...

Whoever starts this holds the other end of its standard input. When that closes, on purpose or because the holder was
killed, the server is asked to end and, failing that, killed. LOCK is locked for as long as the server lives, so that
two never write to one folder; while another holds it, this waits.

Standard library only, and nothing of this package: it runs isolated, to be up in a few milliseconds.
"""

import fcntl
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

#: How long a server may take to end after it was asked to.
GRACE_SECONDS = 8


def main(lock: Path, command: list[str]) -> int:
    server: list[subprocess.Popen[bytes]] = []
    threading.Thread(target=_end_with_holder, args=(server,), daemon=True).start()
    # The holder ends us by closing the pipe; what a terminal or a supervisor sends to everybody comes through it too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda _signal, _frame: _ask_to_end(server))
    held = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(held, fcntl.LOCK_EX)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=(held,))  # noqa: S603
    server.append(child)
    return child.wait()


def _end_with_holder(server: list[subprocess.Popen[bytes]]) -> None:
    while os.read(0, 1024):
        pass
    _ask_to_end(server)
    try:
        server[0].wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        server[0].kill()


def _ask_to_end(server: list[subprocess.Popen[bytes]]) -> None:
    if not server:
        os._exit(0)
    server[0].terminate()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
