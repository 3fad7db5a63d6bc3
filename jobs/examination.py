"""Compares what an environment's services should be with what the outside shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jobs.errors import NotYet, Permanent, Transient
from jobs.opened_secrets import opened_secrets
from jobs.ports import Desired, EnvironmentRef, Ports
from jobs.references import environment_ref, service_ref
from models.configuration import ServiceConfiguration
from models.health import Health, LookedAt
from models.names import hostname
from models.sealing import SealBroken, Sealer
from models.service import Release, Service
from models.vocabulary import HealthState

_MOST_SAID = 5
_RECORDS = frozenset({"A", "AAAA", "CNAME"})


class ClusterSilent(Exception):
    """The cluster did not answer: nothing is known of any service in it. The message says how."""


@dataclass(frozen=True)
class Examination:
    """One look at one environment. It repairs nothing."""

    ports: Ports
    sealer: Sealer
    seen: LookedAt

    def health(self) -> Mapping[str, Health]:
        """By service id. Raises ClusterSilent."""
        environment = environment_ref(self.seen.environment, self.seen.project, self.seen.installation)
        published = self._published(environment)
        return {
            service.id: self._health_of(environment, service, release, published)
            for service, release in self.seen.services
        }

    def _health_of(
        self, environment: EnvironmentRef, service: Service, release: Release | None, published: Callable[[], set[str]]
    ) -> Health:
        if release is None or release.image is None:
            return Health(HealthState.UNKNOWN, "It was never rolled out.")
        found, unknown = self._in_cluster(environment, service, release, release.image)
        for look in (
            lambda: self._lost_records(environment, release.configuration, published),
            lambda: self._lost_secrets(environment, service, release.configuration),
        ):
            try:
                found += look()
            except (NotYet, Permanent, Transient) as trouble:
                unknown.append(str(trouble))
        if found:
            return Health(HealthState.DEGRADED, _joined(found))
        return Health(HealthState.UNKNOWN, _joined(unknown)) if unknown else Health(HealthState.HEALTHY)

    def _in_cluster(
        self, environment: EnvironmentRef, service: Service, release: Release, image: str
    ) -> tuple[list[str], list[str]]:
        """What is not as it should be, and what could not be found out."""
        try:
            secrets = opened_secrets(release.configuration, self.sealer)
        except SealBroken as broken:
            return [], [str(broken)]
        number = self.seen.environment.last_operation_number
        desired = Desired(release.configuration, image, secrets, release.revision, number)
        try:
            return list(self.ports.cluster.ailments(service_ref(environment, service), desired)), []
        except Permanent as refused:
            return ([refused.message], []) if refused.blockers else ([], [refused.message])
        except (NotYet, Transient) as silence:
            raise ClusterSilent(str(silence)) from silence

    def _published(self, environment: EnvironmentRef) -> Callable[[], set[str]]:
        """The environment's hostnames in DNS, looked up when the first service with a hostname asks for them."""
        known: list[set[str]] = []

        def published() -> set[str]:
            if not known:
                records = self.ports.dns.records(environment)
                known.append({record.name.lower() for record in records if record.type in _RECORDS})
            return known[0]

        return published

    def _lost_records(
        self, environment: EnvironmentRef, configuration: ServiceConfiguration, published: Callable[[], set[str]]
    ) -> list[str]:
        domain = environment.domain
        if domain is None:
            return []
        hosts = sorted({hostname(rule.host, domain).lower() for rule in configuration.networking.ingress})
        return [f"the DNS record of {host} is missing" for host in hosts if host not in published()]

    def _lost_secrets(
        self, environment: EnvironmentRef, service: Service, configuration: ServiceConfiguration
    ) -> list[str]:
        if not any(variable.secret for variable in configuration.variables):
            return []
        return [] if self.ports.secrets.names(environment, service.id) else ["its cloud secret is missing"]


def _joined(said: list[str]) -> str:
    more = f"; and {len(said) - _MOST_SAID} more" if len(said) > _MOST_SAID else ""
    text = "; ".join(one.rstrip(".") for one in said[:_MOST_SAID])
    return f"{text[0].upper()}{text[1:]}{more}."
