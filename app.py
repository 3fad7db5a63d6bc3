"""The ASGI app (`create_app`), and the one command that runs everything (`uv run app.py`)."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import ExitStack
from pathlib import Path

from cryptography.fernet import Fernet
from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette

from embedded.start import Addresses, start_missing
from embedded.supervisor import CrashLoop, Supervisor
from models.database import open_database
from models.migrate import upgrade
from models.sample import plant_sample
from models.sealing import Sealer
from resolvers.application import make_application
from resolvers.settings import ApiSettings

SAMPLE_DOMAIN = "phaseline.test"


def create_app() -> Starlette:
    """The API process: `uvicorn --factory app:create_app`. Raises pydantic's ValidationError for settings."""
    return make_application(ApiSettings())  # pyright: ignore[reportCallIssue]


class RunSettings(BaseSettings):
    """Of the one command. A server whose address is given is used; each of the others is embedded."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = 8000
    #: Holds all state of the embedded servers.
    phaseline_folder: Path = Path(".phaseline")
    database_url: str | None = None
    redis_url: str | None = None
    kubeconfig: str | None = None
    aws_endpoint_url: str | None = None
    secrets_key: str | None = None
    clusters: str | None = None


class Trouble(Exception):
    """Why the run can't start, in one line."""


def main() -> int:
    """Runs everything until Ctrl-C; returns the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        run(RunSettings())
    except ValidationError as error:
        first = error.errors()[0]
        return complain(f"setting {'.'.join(map(str, first['loc'])).upper()}: {first['msg']}")
    except Trouble as trouble:
        return complain(str(trouble))
    except CrashLoop as crash:
        return complain(str(crash))
    except KeyboardInterrupt:
        return 130
    return 0


def complain(message: str) -> int:
    print(f"phaseline: {message}", file=sys.stderr)
    return 1


def run(settings: RunSettings) -> None:
    """Raises Trouble when it can't start."""
    folder = prepare_folder(settings.phaseline_folder)
    with ExitStack() as stack:
        listener = stack.enter_context(bind(settings.host, settings.port))
        print("Starting Phaseline ...", flush=True)
        addresses = start_missing(
            stack,
            folder,
            redis_url=settings.redis_url,
            aws_endpoint_url=settings.aws_endpoint_url,
            kubeconfig=settings.kubeconfig,
            domain=SAMPLE_DOMAIN,
        )
        environment = process_environment(settings, folder, addresses)
        prepare_database(environment, sample=settings.kubeconfig is None)
        supervisor = Supervisor()
        stack.callback(supervisor.stop)
        supervisor.add("worker", lambda: start_worker(environment))
        supervisor.add("api", lambda: start_api(environment, listener))
        announce(settings, addresses, folder)
        supervisor.run()
        print("\nStopping ...", flush=True)


def prepare_folder(folder: Path) -> Path:
    """Makes the folder and locks it, so that no two runs share one state. Raises Trouble."""
    folder = folder.absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Trouble(f"can't write to {folder}: {error.strerror}. Set PHASELINE_FOLDER to a folder of yours.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # held until this process ends
    except BlockingIOError as error:
        raise Trouble(f"another run uses {folder}. Stop it, or set PHASELINE_FOLDER to another folder.") from error
    return folder


def bind(host: str, port: int) -> socket.socket:
    """The listening socket; the API inherits it, so that a restarted one takes the port over. Raises Trouble."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(1024)
    except (OSError, OverflowError) as error:
        listener.close()
        raise Trouble(f"can't listen on {host} port {port}: {error}. Set PORT to a free one.") from error
    return listener


def process_environment(settings: RunSettings, folder: Path, addresses: Addresses) -> dict[str, str]:
    """What the API and the workers are told: the same names as in production."""
    embedded_aws = settings.aws_endpoint_url is None
    return {
        **os.environ,
        "DATABASE_URL": settings.database_url or f"sqlite:///{folder / 'phaseline.db'}",
        "REDIS_URL": addresses.redis_url,
        "KUBECONFIG": addresses.kubeconfig,
        "AWS_ENDPOINT_URL": addresses.aws_endpoint_url,
        **({"AWS_ACCESS_KEY_ID": "embedded", "AWS_SECRET_ACCESS_KEY": "embedded"} if embedded_aws else {}),
        "AWS_REGION": os.environ.get("AWS_REGION", "us-east-1"),
        "CLUSTERS": settings.clusters or '{"local": {}}',
        "SECRETS_KEY": settings.secrets_key or own_key(folder),
        "PYTHONUNBUFFERED": "1",
    }


def own_key(folder: Path) -> str:
    """The key that seals secret variables, made at the first run."""
    file = folder / "secrets.key"
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(Fernet.generate_key().decode())
    return file.read_text().strip()


def prepare_database(environment: Mapping[str, str], *, sample: bool) -> None:
    """Upgrades the schema; plants the sample into an empty database. Raises Trouble."""
    database = open_database(environment["DATABASE_URL"])
    try:
        upgrade(database)
        if sample:
            sealer = Sealer(environment["SECRETS_KEY"])
            clusters = list(json.loads(environment["CLUSTERS"]))
            with database.writing() as session:
                plant_sample(session, sealer, domain=SAMPLE_DOMAIN, clusters=clusters)
    except SQLAlchemyError as error:
        reason = str(error).splitlines()[0]
        raise Trouble(f"can't prepare the database: {reason}. Check DATABASE_URL.") from error
    finally:
        database.close()


def start_worker(environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "dramatiq", "jobs.worker:boot", "--processes", "1", "--threads", "8"]
    return start_guarded([*command, "--worker-shutdown-timeout", "8000"], environment)


def start_api(environment: Mapping[str, str], listener: socket.socket) -> subprocess.Popen[bytes]:
    return start_guarded(
        [sys.executable, "-m", "resolvers.serve", "--fd", str(listener.fileno())],
        environment,
        pass_fds=(listener.fileno(),),
    )
