"""The ASGI app (`create_app`), and the one command that runs everything (`uv run app.py`).

`uv run app.py api` runs the API alone, as production does beside its workers (`dramatiq jobs.worker:boot`).

Whatever takes long to import is imported by the function that needs it: the process of the one command neither serves
nor works, and would be seconds later with its first answer.
"""

import fcntl
import json
import os
import re
import socket
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet
from pydantic import Field, Json, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from embedded.process import Running, StartFailed, spawn
from embedded.start import Addresses, start_missing
from embedded.supervisor import CrashLoop, Supervisor

if TYPE_CHECKING:
    from starlette.applications import Starlette

SAMPLE_DOMAIN = "phaseline.test"
API_READY = re.compile("Uvicorn running on")
WORKER_READY = re.compile("Worker process is ready for action")


class RunSettings(BaseSettings):
    """Of the one command. A server whose address is given is used; each of the others is embedded."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    #: Holds all state of the embedded servers.
    phaseline_folder: Path = Path(".phaseline")
    database_url: str | None = None
    redis_url: str | None = None
    kubeconfig: str | None = None
    aws_endpoint_url: str | None = None
    secrets_key: str | None = None
    clusters: Json[dict[str, object]] = Field(default='{"local": {}}', min_length=1, validate_default=True)


class Trouble(Exception):
    """Why the run can't start, in one line."""


def create_app() -> "Starlette":
    """The API process. Raises pydantic's ValidationError for settings that can't be used."""
    from resolvers.application import make_application
    from resolvers.settings import ApiSettings

    return make_application(ApiSettings())  # pyright: ignore[reportCallIssue]


def main(arguments: list[str]) -> int:
    """Runs until a signal comes; returns the exit code. Whatever can't be used is said in one line."""
    try:
        settings = RunSettings()
        if arguments == ["api"]:
            serve()
        elif arguments:
            raise Trouble(f"unknown argument {arguments[0]!r}; there is `api`, or none to run everything")
        else:
            run(settings)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        setting = "__".join(map(str, first["loc"])).upper()
        return complain(": ".join(filter(None, (setting, first["msg"].removeprefix("Value error, ")))))
    except (Trouble, StartFailed, CrashLoop, SettingsError) as trouble:
        return complain(str(trouble))
    return 0


def serve() -> None:
    """The API alone. Raises Trouble, and pydantic's ValidationError for settings that can't be used."""
    from models.logs import configure_logs
    from resolvers.application import make_application
    from resolvers.listening import listen
    from resolvers.settings import ApiSettings

    settings = ApiSettings()  # pyright: ignore[reportCallIssue]
    configure_logs(settings.log_level, settings.log_format)
    require_free(settings.host, settings.port)
    try:
        application = make_application(settings)
    except ValueError as error:
        raise Trouble(str(error)) from error
    if not listen(application, settings):
        raise Trouble("the API has ended by itself: why stands above")


def complain(message: str) -> int:
    sys.stderr.write(f"phaseline: {message}\n")
    return 1


def run(settings: RunSettings) -> None:
    """Raises Trouble, StartFailed, CrashLoop when it can't start or go on."""
    folder = prepare_folder(settings.phaseline_folder)
    require_free(settings.host, settings.port)
    supervisor = Supervisor()
    supervisor.listen()
    with ExitStack() as stack:
        sys.stdout.write("Starting Phaseline ...\n")
        own = own_environment(settings, folder)
        with ThreadPoolExecutor(1) as pool:
            prepared = pool.submit(prepare_database, own, sample=settings.kubeconfig is None)
            addresses = start_missing(
                stack,
                folder,
                redis_url=settings.redis_url,
                aws_endpoint_url=settings.aws_endpoint_url,
                kubeconfig=settings.kubeconfig,
                domain=SAMPLE_DOMAIN,
            )
            prepared.result()
        environment = {**own, **environment_of(addresses, own_aws=settings.aws_endpoint_url is None)}
        stack.callback(supervisor.stop)
        supervisor.start(api=partial(start_api, folder, environment), worker=partial(start_worker, folder, environment))
        sys.stdout.write(announcement(settings, folder, addresses))
        sys.stdout.flush()
        supervisor.run()
        sys.stdout.write("\nStopping ...\n")


def prepare_folder(folder: Path) -> Path:
    """Makes the folder and locks it, so that no two runs share one state. Raises Trouble."""
    folder = folder.absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Trouble(
            f"can't write to {folder}: {error.strerror}. Set PHASELINE_FOLDER to a folder of yours."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # held until this process ends
    except BlockingIOError as error:
        raise Trouble(f"another run uses {folder}. Stop it, or set PHASELINE_FOLDER to another folder.") from error
    return folder


def require_free(host: str, port: int) -> None:
    """Raises Trouble when nobody could listen there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Trouble(f"can't listen on {host} port {port}: {error.strerror}. Set PORT to a free one.") from error


def own_environment(settings: RunSettings, folder: Path) -> dict[str, str]:
    """What the API and the workers are told about themselves: the same names as in production."""
    return {
        "HOST": settings.host,
        "PORT": str(settings.port),
        "DATABASE_URL": settings.database_url or f"sqlite:///{folder / 'phaseline.db'}",
        "CLUSTERS": json.dumps(settings.clusters),
        "SECRETS_KEY": settings.secrets_key or own_key(folder),
        "PYTHONUNBUFFERED": "1",
    }


def environment_of(addresses: Addresses, *, own_aws: bool) -> dict[str, str]:
    """What they are told about the servers."""
    keys = {"AWS_ACCESS_KEY_ID": "embedded", "AWS_SECRET_ACCESS_KEY": "embedded"}
    return {
        "REDIS_URL": addresses.redis_url,
        "KUBECONFIG": addresses.kubeconfig,
        "AWS_ENDPOINT_URL": addresses.aws_endpoint_url,
        **(keys if own_aws else {}),
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
    from sqlalchemy.exc import SQLAlchemyError

    from models.database import open_database
    from models.migrate import upgrade
    from models.sample import plant_sample
    from models.sealing import Sealer

    try:
        sealer = Sealer(environment["SECRETS_KEY"])
        with closing(open_database(environment["DATABASE_URL"])) as database:
            upgrade(database)
            if sample:
                clusters = list(json.loads(environment["CLUSTERS"]))
                with database.writing() as session:
                    plant_sample(session, sealer, domain=SAMPLE_DOMAIN, clusters=clusters)
    except ValueError as error:
        raise Trouble(str(error)) from error
    except SQLAlchemyError as error:
        raise Trouble(f"can't prepare the database: {str(error).splitlines()[0]}. Check DATABASE_URL.") from error


def start_api(folder: Path, environment: Mapping[str, str]) -> Running:
    return spawn("api", [sys.executable, str(Path(__file__)), "api"], folder, API_READY, environment)


def start_worker(folder: Path, environment: Mapping[str, str]) -> Running:
    command = [sys.executable, "-m", "dramatiq", "jobs.worker:boot", "--processes", "1", "--threads", "8"]
    command += ["--worker-shutdown-timeout", "8000"]
    return spawn("worker", command, folder, WORKER_READY, environment)


def announcement(settings: RunSettings, folder: Path, addresses: Addresses) -> str:
    """Where everything is, and what to try first: the sample is there only where it was planted."""
    first, shown = (
        (
            "Its tabs hold examples: watch the environment acme-staging in one, and in others\n"
            "  add the service nightly-report, update web, delete worker, destroy the environment.",
            "all -n acme-staging",
        )
        if settings.kubeconfig is None
        else ("Create a project and an environment of it: examples/README.md shows how.", "namespaces")
    )
    return f"""
Phaseline runs.   GraphiQL: http://{settings.host}:{settings.port}/graphql

  {first}

  The cluster:    kubectl --kubeconfig {addresses.kubeconfig} get {shown}
  State and logs: {folder}
  Stop:           Ctrl-C
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
