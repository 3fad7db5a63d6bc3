"""Valid configurations of every kind of service, as the rules of the domain take them."""

import string

from hypothesis import strategies as st

from models.configuration import (
    Autoscaling,
    BuildArgument,
    DeploymentSettings,
    EngineSource,
    GitSource,
    HealthCheck,
    HealthChecks,
    ImageSource,
    IngressRule,
    NetworkSettings,
    Port,
    ResourceSettings,
    Schedule,
    ServiceConfiguration,
    Source,
    Variable,
    Volume,
)
from models.configuration.defaults import default_configuration
from models.vocabulary import DeploymentStrategy, Engine, ServiceKind, VolumePolicy

DOMAIN = "staging.example.com"
_ALNUM = string.ascii_lowercase + string.digits
_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
_PROGRAMS = st.lists(st.sampled_from(["/bin/app", "serve", "--verbose", "$(HOME)", ""]), max_size=3).map(
    lambda texts: ("/bin/run", *texts)
)
_VERSIONS = {
    Engine.POSTGRES: ["14", "17.6", "18"],
    Engine.MYSQL: ["8", "8.4"],
    Engine.REDIS: ["7.4"],
    Engine.MONGODB: ["8.0.4"],
}
_IMAGES = st.sampled_from(["nginx", "ghcr.io/acme/web:1.4.0", f"registry:5000/a/b@sha256:{'0' * 64}"])


def labels(longest: int) -> st.SearchStrategy[str]:
    """DNS labels that begin with a letter."""
    middle = st.text(_ALNUM + "-", max_size=longest - 2)
    short = st.sampled_from(string.ascii_lowercase)
    ends = st.sampled_from(_ALNUM)
    return st.one_of(short, st.builds("{}{}{}".format, short, middle, ends))


def service_names() -> st.SearchStrategy[str]:
    return labels(40)


@st.composite
def configurations(draw: st.DrawFn, kind: ServiceKind) -> ServiceConfiguration:
    """A configuration that `models.configuration.rules` takes for a service of this kind, in DOMAIN."""
    if kind is ServiceKind.DATASOURCE:
        return draw(_datasources())
    ports = draw(_ports()) if kind is not ServiceKind.CRON_JOB else ()
    volumes = draw(_volumes())
    resources = draw(_resources())
    return ServiceConfiguration(
        source=draw(_sources()),
        command=draw(st.one_of(st.just(()), _PROGRAMS)),
        arguments=draw(st.lists(_TEXTS, max_size=3).map(tuple)),
        deployment=draw(_deployments(kind, alone=bool(volumes), scalable=resources.cpu_request is not None)),
        variables=draw(_variables()),
        resources=resources,
        networking=NetworkSettings(ports=ports, ingress=draw(_ingress(ports))),
        health_checks=draw(_health_checks(ports)) if kind is not ServiceKind.CRON_JOB else HealthChecks(),
        volumes=volumes,
        schedule=draw(_schedules()) if kind is ServiceKind.CRON_JOB else None,
    )


def _sources() -> st.SearchStrategy[Source]:
    git = st.builds(
        GitSource,
        repository=st.just("https://example.com/acme/web.git"),
        ref=st.sampled_from(["main", "v1.2", "feature/x"]),
        dockerfile=st.sampled_from(["Dockerfile", "docker/web.Dockerfile"]),
        context=st.sampled_from([".", "src/web"]),
        target=st.sampled_from([None, "runtime"]),
        build_arguments=st.sampled_from([(), (BuildArgument(name="VERSION", value="1=2"),)]),
        image=st.just("registry.example.com/web"),
    )
    return st.one_of(st.builds(ImageSource, image=_IMAGES), git)


@st.composite
def _datasources(draw: st.DrawFn) -> ServiceConfiguration:
    engine = draw(st.sampled_from(Engine))
    source = EngineSource(engine=engine, version=draw(st.sampled_from(_VERSIONS[engine])))
    defaults = default_configuration(ServiceKind.DATASOURCE, source)
    password = Variable(name="EXTRA_PASSWORD", secret=True, sealed="sealed")
    return defaults.model_copy(
        update={
            "variables": (*defaults.variables, password),
            "resources": draw(_resources()),
            "health_checks": draw(_health_checks(defaults.networking.ports)),
            "deployment": draw(_deployments(ServiceKind.DATASOURCE, alone=True, scalable=False)),
        }
    )


@st.composite
def _deployments(draw: st.DrawFn, kind: ServiceKind, *, alone: bool, scalable: bool) -> DeploymentSettings:
    least = st.just(1) if kind in {ServiceKind.CRON_JOB, ServiceKind.DATASOURCE} else st.integers(0, 1)
    replicas = draw(least if alone or kind is ServiceKind.CRON_JOB else st.integers(0, 1000))
    autoscaling = None
    if scalable and not alone and replicas and kind in {ServiceKind.APPLICATION, ServiceKind.WORKER}:
        low, high = sorted(draw(st.tuples(st.integers(1, 1000), st.integers(1, 1000))))
        percent = draw(st.integers(1, 1000))
        autoscaling = draw(st.sampled_from([None, Autoscaling(min_replicas=low, max_replicas=high)]))
        autoscaling = autoscaling and autoscaling.model_copy(update={"target_cpu_percent": percent})
    return DeploymentSettings(
        replicas=replicas,
        strategy=draw(st.sampled_from(DeploymentStrategy)),
        timeout_seconds=draw(st.integers(1, 86400)),
        autoscaling=autoscaling,
    )


def _variables() -> st.SearchStrategy[tuple[Variable, ...]]:
    names = st.one_of(
        st.from_regex(r"[-._a-zA-Z]?[_a-zA-Z][-._a-zA-Z0-9]{0,20}", fullmatch=True),
        st.sampled_from(["-", "_", ".a..", "x" * 253]),
    )
    plain = st.builds(Variable, name=names, value=_TEXTS)
    secret = st.builds(Variable, name=names, secret=st.just(True), sealed=_TEXTS)
    return st.lists(st.one_of(plain, secret), max_size=5, unique_by=lambda one: one.name).map(tuple)


@st.composite
def _resources(draw: st.DrawFn) -> ResourceSettings:
    cpu = sorted(draw(st.tuples(st.integers(1, 64_000), st.integers(1, 64_000))))
    memory = sorted(draw(st.tuples(st.integers(4, 65_536), st.integers(4, 65_536))))
    return ResourceSettings(
        cpu_request=draw(_cpu(cpu[0])),
        cpu_limit=draw(_cpu(cpu[1])),
        memory_request=draw(_memory(memory[0])),
        memory_limit=draw(_memory(memory[1])),
    )


def _cpu(thousandths: int) -> st.SearchStrategy[str | None]:
    whole, part = divmod(thousandths, 1000)
    return st.sampled_from([None, f"{thousandths}m", f"{thousandths}e-3", f"{thousandths}000u", f"+{whole}.{part:03}"])


def _memory(mebibytes: int) -> st.SearchStrategy[str | None]:
    size = mebibytes * 2**20
    return st.sampled_from([None, f"{mebibytes}Mi", f"{mebibytes * 1024}.Ki", str(size), f"{size}000m", f"{size}E0"])


def _ports() -> st.SearchStrategy[tuple[Port, ...]]:
    port = st.builds(
        Port, name=st.sampled_from(["http", "metrics", "g-rpc", "a", "1a", "x" * 15]), number=st.integers(1, 65535)
    )
    return st.lists(port, max_size=3, unique_by=(lambda one: one.name, lambda one: one.number)).map(tuple)


@st.composite
def _ingress(draw: st.DrawFn, ports: tuple[Port, ...]) -> tuple[IngressRule, ...]:
    if not ports:
        return ()
    hosts = st.sampled_from(["www", "1", "x" * 57, f"full.{DOMAIN}", f"a.{'b' * 63}.{DOMAIN}", DOMAIN])
    paths = st.sampled_from(["/", "/api/", "/a/b.c", "/..a/~_-"])
    entries = draw(st.lists(st.tuples(hosts, paths), max_size=4, unique=True))
    tls = {host: draw(st.booleans()) for host, _ in entries}
    port = st.sampled_from([port.name for port in ports])
    return tuple(IngressRule(host=host, path=path, port=draw(port), tls=tls[host]) for host, path in entries)


@st.composite
def _health_checks(draw: st.DrawFn, ports: tuple[Port, ...]) -> HealthChecks:
    limits = {"period_seconds": st.integers(1, 3600), "timeout_seconds": st.integers(1, 3600)}
    kinds = [st.none(), st.builds(HealthCheck, command=_PROGRAMS, **limits)]
    if ports:
        name = st.sampled_from([None, *(port.name for port in ports)])
        path = st.sampled_from([None, "/", "/healthz?full=1&x=%2F~"])
        kinds.append(st.builds(HealthCheck, path=path, port=name, **limits))
    check = st.one_of(kinds)
    return HealthChecks(readiness=draw(check), liveness=draw(check), startup=draw(check))


def _volumes() -> st.SearchStrategy[tuple[Volume, ...]]:
    volume = st.builds(
        Volume,
        name=labels(63),
        mount_path=st.sampled_from(["/data", "/var/www/html", "/srv/ä b", "/cache/", "//mnt/./x"]),
        size_gib=st.integers(1, 65536),
        on_delete=st.sampled_from(VolumePolicy),
    )
    return st.lists(volume, max_size=3, unique_by=(lambda one: one.name, lambda one: one.mount_path)).map(tuple)


def _schedules() -> st.SearchStrategy[Schedule]:
    lines = ["30 2 * * *", "*/5 8-18 * * mon-fri", "0 0 1,15 JAN 0", "3/7 0-23/2 29 2 *", "@daily", "@hourly"]
    zones = ["Etc/UTC", "Europe/Berlin", "America/Argentina/Ushuaia", "US/Pacific"]
    return st.builds(Schedule, cron=st.sampled_from(lines), time_zone=st.sampled_from(zones))
