"""`DnsZone` on Route53."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import TYPE_CHECKING, Self

from jobs.adapters.aws import guarded_by
from jobs.adapters.route53.ailments import ailments
from jobs.adapters.route53.batches import batches
from jobs.adapters.route53.ownership import claims_of
from jobs.adapters.route53.pending import PendingChanges
from jobs.adapters.route53.plan import Unit, plan_publish, plan_withdraw
from jobs.adapters.route53.records import RecordSet, from_desired, normal, within
from jobs.adapters.route53.zones import Refused, Zone, Zones, zone_for
from jobs.errors import NotYet, Permanent, Transient
from jobs.ports import DnsRecord, EnvironmentRef, Guard, ServiceRef

if TYPE_CHECKING:
    from mypy_boto3_route53 import Route53Client

#: How often a zone that others change meanwhile is looked at again in one call.
LOOKS = 3

ZonePlan = tuple[Zone, Sequence[Unit]]


class Route53Zone:
    """The public hosted zones of one account, one instance a process.

    Each call looks at the zones and works from that; nothing about a record is remembered. Only the ids of changes on
    their way are, to wait for them. After a restart they are unknown: a zone that already holds what it should then
    counts as done.
    """

    def __init__(self, client: "Route53Client") -> None:
        self._zones = Zones(client)
        self._pending = PendingChanges(self._zones.in_sync)
        self._guard: Guard = lambda: None

    def under(self, guard: Guard) -> Self:
        made = copy(self)  # which shares what is known of zones and of changes on their way
        made._guard = guard
        return made

    def publish(self, service: ServiceRef, records: Sequence[DnsRecord]) -> None:
        environment = service.environment
        desired = [from_desired(record) for record in records]
        domain = _domain(environment)
        if domain is None:
            if desired:
                raise Permanent(f"{desired[0].name} can't be published: the environment has no domain")
            return
        for record in desired:
            if not within(record.name, domain):
                raise Permanent(f"{record.name} can't be published: it is not below the domain {domain}")

        def plan() -> list[ZonePlan]:
            zones = self._zones.related(domain)
            places = [_place(record, zones) for record in desired]
            return [
                (
                    zone,
                    plan_publish(
                        self._zones.listing(zone, domain),
                        environment.id,
                        service.id,
                        [record for record, place in zip(desired, places, strict=True) if place == zone],
                        (zone.name, domain),
                    ),
                )
                for zone in zones
            ]

        self._settle((environment.id, service.id), plan, f"service {service.name}")

    def records(self, environment: EnvironmentRef, service_id: str | None = None) -> Sequence[DnsRecord]:
        return [
            DnsRecord(part.name, part.type, part.values, claim.owners)
            for claim in claims_of(environment.id, self._listing(environment)).values()
            if service_id is None or service_id in claim.owners
            for part in (claim.record, claim.twin)
            if part is not None
        ]

    def ailments(self, environment: EnvironmentRef, records: Sequence[DnsRecord]) -> Mapping[DnsRecord, str]:
        wanted = {from_desired(record).key: record for record in records}
        listing = self._listing(environment)
        found = ailments(listing, environment.id, [from_desired(record) for record in records])
        return {wanted[key]: trouble for key, trouble in found.items()}

    def withdraw(self, environment: EnvironmentRef, service_id: str | None = None) -> None:
        domain = _domain(environment)
        if domain is None:
            return

        def plan() -> list[ZonePlan]:
            return [
                (zone, plan_withdraw(self._zones.listing(zone, domain), environment.id, service_id))
                for zone in self._zones.related(domain)
            ]

        self._settle((environment.id, service_id), plan, "withdrawal")

    def _listing(self, environment: EnvironmentRef) -> Sequence[RecordSet]:
        """What the zones hold for the environment's domain."""
        domain = _domain(environment)
        if domain is None:
            return []
        try:
            return [record for zone in self._zones.related(domain) for record in self._zones.listing(zone, domain)]
        except NotYet as busy:
            # The port lets no NotYet out here: whoever asks for records wants them now.
            raise Transient(busy.reason, retry_after=busy.look_again) from None

    def _settle(self, purpose: tuple[str, str | None], plan: Callable[[], list[ZonePlan]], what: str) -> None:
        """Makes the zones what the plan says, and waits until the name servers know."""
        refused: list[ZonePlan] = []
        refusal = ""
        for _ in range(LOOKS):
            plans = [(zone, units) for zone, units in plan() if units]
            if plans and plans == refused:
                raise Permanent(refusal)
            try:
                self._submit(purpose, plans, what)
            except Refused as told:
                refused, refusal = plans, str(told)
            else:
                self._pending.wait(purpose)
                return
        raise Transient(f"the zone keeps changing: {refusal}")

    def _submit(self, purpose: tuple[str, str | None], plans: list[ZonePlan], what: str) -> None:
        for zone, units in plans:
            for batch in batches(units):
                with guarded_by(self._guard):
                    change = self._zones.change(zone, batch, f"phaseline: {what}")
                if change is not None:
                    self._pending.add(purpose, change)


def _domain(environment: EnvironmentRef) -> str | None:
    return normal(environment.domain) if environment.domain else None


def _place(record: RecordSet, zones: Sequence[Zone]) -> Zone:
    zone = zone_for(record.name, zones)
    if zone is None:
        raise Permanent(f"{record.name} can't be published: no public hosted zone of the account holds it")
    if record.type == "CNAME" and record.name == zone.name:
        # https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html
        raise Permanent(
            f"CNAME record {record.name} can't be published: it has the name of its zone, and only other "
            f"types are allowed there; choose another host or configure the cluster's address as an IP"
        )
    return zone
