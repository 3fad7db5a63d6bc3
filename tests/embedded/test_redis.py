"""The embedded Redis: it keeps what it was told, and ends with whoever started it."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from embedded import redis as embedded_redis
from embedded.process import StartFailed


def connect(url: str) -> socket.socket:
    port = urlsplit(url).port
    assert port is not None
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def ask(url: str, command: str) -> bytes:
    """Redis' answer to a command, after authentication, in its inline protocol."""
    with connect(url) as connection, connection.makefile("rwb") as stream:
        stream.write(f"AUTH {urlsplit(url).password}\r\n{command}\r\nQUIT\r\n".encode())
        stream.flush()
        return stream.read().removeprefix(b"+OK\r\n").removesuffix(b"+OK\r\n").strip()


def test_keeps_address_and_data_across_a_restart(tmp_path: Path) -> None:
    first = embedded_redis.start(tmp_path / "with space")
    assert ask(first.url, "SET key value") == b"+OK"
    first.stop()

    second = embedded_redis.start(tmp_path / "with space")
    try:
        assert second.url == first.url
        assert ask(second.url, "GET key") == b"$5\r\nvalue"
    finally:
        second.stop()


def test_takes_another_port_when_its_own_is_in_use(tmp_path: Path) -> None:
    first = embedded_redis.start(tmp_path / "one")
    try:
        (tmp_path / "two").mkdir()
        (tmp_path / "two" / "redis.port").write_text((tmp_path / "one" / "redis.port").read_text())
        second = embedded_redis.start(tmp_path / "two")
        second.stop()
        assert second.url.rpartition(":")[2] != first.url.rpartition(":")[2]
    finally:
        first.stop()


def test_asks_for_the_password_and_keeps_it_private(tmp_path: Path) -> None:
    server = embedded_redis.start(tmp_path)
    try:
        with connect(server.url) as stranger:
            stranger.sendall(b"PING\r\n")
            assert stranger.recv(100).startswith(b"-NOAUTH")
        assert {(tmp_path / name).stat().st_mode & 0o777 for name in ("redis.conf", "redis.password")} == {0o600}
    finally:
        server.stop()


def test_ends_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from embedded import redis\n"
        "print(redis.start(Path(sys.argv[1])).url, flush=True); sys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with parent:
        assert parent.stdout is not None
        url = parent.stdout.readline().decode().strip()
        with connect(url) as listener:
            os.kill(parent.pid, signal.SIGKILL)
            assert listener.recv(1) == b""

    # the folder's lock is free again, so the port and the data are too
    again = embedded_redis.start(tmp_path)
    again.stop()
    assert again.url == url


def test_says_in_one_line_why_it_did_not_start(tmp_path: Path) -> None:
    (tmp_path / "redis.conf").mkdir()
    (tmp_path / "appendonly.aof").write_text("not a log at all")
    (tmp_path / "redis.conf").rmdir()
    with pytest.raises(StartFailed, match=r"^redis did not start: .+$"):
        embedded_redis.start(tmp_path)
