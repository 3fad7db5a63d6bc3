"""What the official image of each engine expects: versions, port, where data lies, the variables it reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from models.vocabulary import Engine

Version = tuple[int, ...]


@dataclass(frozen=True)
class EngineFacts:
    #: Release lines; a tag is a line (`8.4`), a release of it (`8.4.3`) or its major version alone (`8`).
    lines: tuple[str, ...]
    port: int
    port_name: str
    data_path: str
    #: How many leading numbers of the version name the format of the data; data of another one can't be opened.
    #: 0: newer servers open the data of any older line.
    data_format_length: int = 0
    #: Whether major versions must be taken one by one.
    stepwise: bool = False
    arguments: tuple[str, ...] = ()
    #: Passwords are generated, users and databases are named.
    passwords: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    #: The image heeds these only when its volume is empty.
    read_once: frozenset[str] = frozenset()


_FACTS: Mapping[Engine, EngineFacts] = MappingProxyType(
    {
        Engine.POSTGRES: EngineFacts(
            lines=("14", "15", "16", "17", "18"),
            port=5432,
            port_name="postgres",
            data_path="/var/lib/postgresql/data",
            data_format_length=1,
            passwords=("POSTGRES_PASSWORD",),
            names=MappingProxyType({"POSTGRES_USER": "app", "POSTGRES_DB": "app"}),
            read_once=frozenset({"POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB", "PGDATA"}),
        ),
        Engine.MYSQL: EngineFacts(
            lines=("8.0", "8.4", "9.0", "9.1", "9.2", "9.3", "9.4", "9.5"),
            port=3306,
            port_name="mysql",
            data_path="/var/lib/mysql",
            stepwise=True,
            passwords=("MYSQL_ROOT_PASSWORD", "MYSQL_PASSWORD"),
            names=MappingProxyType({"MYSQL_USER": "app", "MYSQL_DATABASE": "app"}),
            read_once=frozenset({"MYSQL_ROOT_PASSWORD", "MYSQL_PASSWORD", "MYSQL_USER", "MYSQL_DATABASE"}),
        ),
        Engine.REDIS: EngineFacts(
            lines=("6.2", "7.0", "7.2", "7.4", "8.0", "8.2", "8.4"),
            port=6379,
            port_name="redis",
            data_path="/data",
            # The image reads no password; Kubernetes puts the variable's value into the argument.
            arguments=("--appendonly", "yes", "--requirepass", "$(REDIS_PASSWORD)"),
            passwords=("REDIS_PASSWORD",),
        ),
        Engine.MONGODB: EngineFacts(
            lines=("6.0", "7.0", "8.0", "8.2"),
            port=27017,
            port_name="mongodb",
            data_path="/data/db",
            stepwise=True,
            passwords=("MONGO_INITDB_ROOT_PASSWORD",),
            names=MappingProxyType({"MONGO_INITDB_ROOT_USERNAME": "app"}),
            read_once=frozenset({"MONGO_INITDB_ROOT_USERNAME", "MONGO_INITDB_ROOT_PASSWORD"}),
        ),
    }
)
#: From 18 on the image keeps data in a folder named by version below this, and refuses a volume at the older path.
_POSTGRES_18_DATA_PATH = "/var/lib/postgresql"
_POSTGRES_18 = 18
_HIGHEST_RELEASE = 60


def facts_of(engine: Engine) -> EngineFacts:
    return _FACTS[engine]


def parse_version(engine: Engine, version: str) -> Version | None:
    """The numbers of a known version, None for an unknown one."""
    lines = _FACTS[engine].lines
    head, _, release = version.rpartition(".")
    is_major = version in {str(major) for major in known_majors(engine)}
    known = version in lines or is_major or (head in lines and _is_release(release))
    return tuple(int(number) for number in version.split(".")) if known else None


def known_majors(engine: Engine) -> list[int]:
    return sorted({int(line.split(".")[0]) for line in _FACTS[engine].lines})


def known_versions(engine: Engine) -> str:
    """For a message."""
    return ", ".join(_FACTS[engine].lines)


def data_path(engine: Engine, version: str) -> str:
    """Where the image of that version keeps its data, and so where its volume belongs."""
    numbers = parse_version(engine, version)
    if engine is Engine.POSTGRES and numbers is not None and numbers[0] >= _POSTGRES_18:
        return _POSTGRES_18_DATA_PATH
    return _FACTS[engine].data_path


def default_variables(engine: Engine, version: str) -> Mapping[str, str]:
    """PostgreSQL won't begin in the root of a volume, where file systems keep `lost+found`."""
    path = data_path(engine, version)
    if engine is Engine.POSTGRES and path != _POSTGRES_18_DATA_PATH:
        return {"PGDATA": f"{path}/pgdata"}
    return {}


def _is_release(text: str) -> bool:
    return text in {str(release) for release in range(_HIGHEST_RELEASE + 1)}
