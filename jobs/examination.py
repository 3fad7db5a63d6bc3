"""Compares what an environment's services should be with what the outside shows."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from jobs.errors import NotYet, Permanent, Transient
from jobs.opened_secrets import opened_secrets
from jobs.ports import Desired, DnsRecord, EnvironmentRef, Ports, ServiceRef
from jobs.references import environment_ref, service_ref
from jobs.steps.dns import wanted_records
from models.health import Health, LookedAt
from models.sealing import SealBroken, Sealer
from models.service import Release, Service
from models.vocabulary import HealthState

_MOST_SAID = 5


class ClusterSilent(Exception):
    """The cluster did not answer: nothing is known of any service in it. The message says how."""


@dataclass(frozen=True)
class _Findings:
    """What is not as it should be with a service, and what could not be found out."""

    found: list[str] = field(default_factory=list[str])
    unknown: list[str] = field(default_factory=list[str])

    @contextmanager
    def asking(self) -> Generator[None]:
        """What can't be found out in the block is noted."""
        try:
            yield
        except (NotYet, Permanent, Transient) as trouble:
            self.unknown.append(str(trouble))

    def health(self) -> Health:
        if self.found:
            return Health(HealthState.DEGRADED, _joined(self.found))
        return Health(HealthState.UNKNOWN, _joined(self.unknown)) if self.unknown else Health(HealthState.HEALTHY)


@dataclass(frozen=True)
class _Examined:
    """A service that was rolled out, and what it should be."""

    service: ServiceRef
    desired: Desired
    findings: _Findings = field(default_factory=_Findings)


@dataclass(frozen=True)
class Examination:
    """One look at one environment. It repairs nothing."""

    ports: Ports
    sealer: Sealer
    seen: LookedAt

    def health(self) -> Mapping[str, Health]:
        """By service id. Raises ClusterSilent."""
        environment = environment_ref(self.seen.environment, self.seen.project, self.seen.installation)
        known: dict[str, Health] = {}
        examined: list[_Examined] = []
        for service, release in self.seen.services:
            expected = self._expected(environment, service, release)
            if isinstance(expected, Health):
                known[service.id] = expected
            else:
                examined.append(expected)
        for one in examined:
            self._look_into_cluster(one)
        self._look_at_records(environment, examined)
        for one in examined:
            with one.findings.asking():
                one.findings.found.extend(self.ports.secrets.ailments(one.service, one.desired.secrets))
        return known | {one.service.id: one.findings.health() for one in examined}

    def _expected(self, environment: EnvironmentRef, service: Service, release: Release | None) -> _Examined | Health:
        """What the service should be; its health where nobody can tell."""
        if release is None or release.image is None:
            return Health(HealthState.UNKNOWN, "It was never rolled out.")
        try:
            secrets = opened_secrets(release.configuration, self.sealer)
        except SealBroken as broken:
            return Health(HealthState.UNKNOWN, str(broken))
        number = self.seen.environment.last_operation_number
        desired = Desired(release.configuration, release.image, secrets, release.revision, number)
        return _Examined(service_ref(environment, service), desired)

    def _look_into_cluster(self, one: _Examined) -> None:
        try:
            one.findings.found.extend(self.ports.cluster.ailments(one.service, one.desired))
        except Permanent as refused:
            (one.findings.found if refused.blockers else one.findings.unknown).append(refused.message)
        except (NotYet, Transient) as silence:
            raise ClusterSilent(str(silence)) from silence

    def _look_at_records(self, environment: EnvironmentRef, examined: list[_Examined]) -> None:
        """All of the environment's at once: an account may ask for little."""
        wanted: dict[str, list[DnsRecord]] = {}
        for one in examined:
            with one.findings.asking():
                wanted[one.service.id] = list(wanted_records(self.ports, one.service, one.desired.configuration))
        records = list(dict.fromkeys(record for several in wanted.values() for record in several))
        if not records:
            return
        with_hostnames = [one for one in examined if wanted.get(one.service.id)]
        try:
            troubles = self.ports.dns.ailments(environment, records)
        except (Permanent, Transient) as trouble:
            for one in with_hostnames:
                one.findings.unknown.append(str(trouble))
            return
        for one in with_hostnames:
            mine = wanted[one.service.id]
            one.findings.found.extend(troubles[record] for record in mine if record in troubles)


def _joined(said: list[str]) -> str:
    more = f"; and {len(said) - _MOST_SAID} more" if len(said) > _MOST_SAID else ""
    text = "; ".join(one.rstrip(".") for one in said[:_MOST_SAID])
    return f"{text[0].upper()}{text[1:]}{more}."
