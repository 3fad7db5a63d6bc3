"""Persistent volumes."""

import pytest

from models.configuration import EngineSource, Variable, Volume
from models.configuration.paths import Path
from models.vocabulary import Engine, ServiceKind
from tests.models.configuration.rules.judging import a_configuration, found, refused

NAME = ("volumes", "0", "name")
MOUNT = ("volumes", "0", "mountPath")
SIZE = ("volumes", "0", "sizeGiB")
DATA = Volume(name="data", mount_path="/data", size_gib=10)


def a_volume(name: str = "files", mount_path: str = "/files", size_gib: int = 1) -> Volume:
    return Volume(name=name, mount_path=mount_path, size_gib=size_gib)


def judged(*volumes: Volume) -> dict[Path, str]:
    return found(volumes=volumes)


def of_redis(*volumes: Volume, previous: tuple[Volume, ...] | None = None) -> dict[Path, str]:
    before = a_configuration(ServiceKind.DATASOURCE, volumes=previous) if previous is not None else None
    return found(ServiceKind.DATASOURCE, volumes=volumes, previous=before)


@pytest.mark.parametrize("name", ["a", "1", "a-b", "x" * 63])
@pytest.mark.parametrize("path", ["/a", "/a/b/", "/développement", "/a b", "/" + "x" * 1023, "/system", "/devices"])
def test_a_volume(name: str, path: str) -> None:
    assert judged(a_volume(name, path, 1)) == judged(a_volume(name, path, 65536)) == {}


@pytest.mark.parametrize("name", ["", "A", "a_b", "a.b", "-a", "x" * 64, "a\n"])
def test_a_name_that_is_no_label_is_refused(name: str) -> None:
    assert list(judged(a_volume(name))) == [NAME]


@pytest.mark.parametrize("size", [-1, 0, 65537])
def test_a_size_beyond_its_bounds_is_refused(size: int) -> None:
    assert refused(judged(a_volume(size_gib=size)), SIZE, f"is {size}", "from 1 to 65536")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "must begin with '/'"),
        ("data", "'data' must begin with '/'"),
        ("/" + "x" * 1024, "at most 1024"),
        ("/a:b", "Choose another"),
        ("/a\nb", "Choose another"),
        ("/a/../b", "Write where it leads"),
        ("/", "hides the whole image"),
        ("//", "hides the whole image"),
        ("/./", "hides the whole image"),
        ("/proc", "the container runtime's"),
        ("//sys/fs", "the container runtime's"),
        ("/./dev/shm", "the container runtime's"),
        ("/etc/hosts", "the container runtime's"),
    ],
)
def test_a_path_over_which_no_container_starts_is_refused(path: str, words: str) -> None:
    assert refused(judged(a_volume(mount_path=path)), MOUNT, words)


def test_names_and_paths_come_once() -> None:
    assert judged(a_volume("a", "/a"), a_volume("b", "/a/b")) == {}
    messages = judged(a_volume("a", "/a"), a_volume("a", "/b"))
    assert refused(messages, ("volumes", "1", "name"), "volume name 'a'", "item 0", "Keep one")
    for same in ("/a", "/a/", "//a", "/./a"):
        messages = judged(a_volume("a", "/a"), a_volume("b", same))
        assert refused(messages, ("volumes", "1", "mountPath"), "mount path '/a'", "item 0", "Keep one")


def test_fifty_are_enough() -> None:
    many = [a_volume(f"v{number}", f"/v{number}") for number in range(51)]
    assert judged(*many[:50]) == {}
    assert refused(judged(*many), ("volumes",), "51 volumes", "at most 50")


def test_a_deployed_volume_grows_and_never_shrinks() -> None:
    previous = a_configuration(volumes=(a_volume(size_gib=5),))
    for size in (5, 6):
        assert found(previous=previous, volumes=(a_volume(size_gib=size),)) == {}
    messages = found(previous=previous, volumes=(a_volume("other", "/other"), a_volume(size_gib=4)))
    words = ("'files' has 5 GiB", "can't shrink to 4", "Keep its size, or add a smaller volume under another name")
    assert refused(messages, ("volumes", "1", "sizeGiB"), *words)
    # an application's volumes are its own to give up and to mount elsewhere
    assert found(previous=previous) == {}
    assert found(previous=previous, volumes=(a_volume("other"),)) == {}
    assert found(previous=previous, volumes=(a_volume(mount_path="/elsewhere", size_gib=5),)) == {}


def test_a_deployed_datasource_keeps_its_volumes() -> None:
    assert of_redis(DATA, previous=(DATA,)) == {}
    assert of_redis(DATA.model_copy(update={"size_gib": 11}), previous=(DATA,)) == {}
    shrunk = DATA.model_copy(update={"size_gib": 9})
    assert refused(of_redis(shrunk, previous=(DATA,)), SIZE, "'data' has 10 GiB", "can't shrink to 9")
    extra = a_volume("extra", "/extra")
    messages = of_redis(DATA, extra, previous=(DATA,))
    assert refused(messages, ("volumes", "1", "name"), "can't get a volume 'extra'", "only their size may grow")
    messages = of_redis(DATA, previous=(DATA, extra))
    assert refused(messages, ("volumes",), "can't lose its volume 'extra'", "only their size may grow")
    moved = (DATA, extra.model_copy(update={"mount_path": "/other"}))
    messages = of_redis(*moved, previous=(DATA, extra))
    assert refused(messages, ("volumes", "1", "mountPath"), "'extra' is mounted at /extra", "Keep the path")


def test_the_data_of_an_engine_lies_on_a_volume() -> None:
    for mounted in ("/data", "/data/", "//data"):
        assert of_redis(DATA.model_copy(update={"mount_path": mounted})) == {}
    for volumes in ((), (a_volume(),), (a_volume(mount_path="/data/sub"),), (a_volume(mount_path="/dat"),)):
        assert refused(of_redis(*volumes), ("volumes",), "REDIS 7.4 keeps its data in /data", "Mount one there")


@pytest.mark.parametrize(
    ("version", "mount", "pgdata", "lies"),
    [
        ("17", "/var/lib/postgresql/data", None, True),
        ("17", "/var/lib/postgresql", None, True),
        ("17", "/var/lib/postgresql/data/pgdata", None, False),
        ("17", "/pg", "/pg/data", True),
        ("17", "/var/lib/postgresql/data", "/pg/data", False),
        ("18", "/var/lib/postgresql", None, True),
        ("18", "/var/lib/postgresql/data", None, False),
    ],
)
def test_postgresql_is_told_where_by_pgdata(version: str, mount: str, pgdata: str | None, *, lies: bool) -> None:
    messages = found(
        ServiceKind.DATASOURCE,
        source=EngineSource(engine=Engine.POSTGRES, version=version),
        volumes=(a_volume(mount_path=mount),),
        variables=(Variable(name="PGDATA", value=pgdata),) if pgdata else (),
    )
    assert messages == {} if lies else refused(messages, ("volumes",), f"POSTGRES {version}")


def test_other_engines_do_not_heed_pgdata() -> None:
    variables = (Variable(name="PGDATA", value="/files"),)
    assert found(ServiceKind.DATASOURCE, variables=variables) == {}
    messages = found(ServiceKind.DATASOURCE, variables=variables, volumes=(a_volume(),))
    assert refused(messages, ("volumes",), "in /data")
