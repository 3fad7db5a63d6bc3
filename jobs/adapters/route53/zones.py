"""The requests to Route53, and nothing of what they are for."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jobs.adapters.aws import Expected, calling
from jobs.adapters.route53.plan import Change
from jobs.adapters.route53.records import RecordSet, from_listing, normal, within
from jobs.errors import Permanent

if TYPE_CHECKING:
    from mypy_boto3_route53 import Route53Client

#: Zones come and go seldom, and an account has five requests a second.
ZONES_KEPT_SECONDS = 30.0


@dataclass(frozen=True)
class Zone:
    id: str
    name: str


class Refused(Exception):
    """A batch was refused as a whole: the zone is not what the plan was made from, or the plan is wrong."""


def zone_for(hostname: str, zones: Sequence[Zone]) -> Zone | None:
    """The zone that resolvers would ask for a name: that of the longest name, label by label."""
    holding = [zone for zone in zones if within(hostname, zone.name)]
    longest = max((len(zone.name) for zone in holding), default=0)
    best = [zone for zone in holding if len(zone.name) == longest]
    if len(best) > 1:
        ids = ", ".join(sorted(zone.id for zone in best))
        raise Permanent(f"{hostname} can't be published: several public hosted zones are called {best[0].name}: {ids}")
    return best[0] if best else None


class Zones:
    def __init__(self, client: "Route53Client", now: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._now = now
        self._kept: tuple[float, list[Zone]] | None = None

    def related(self, domain: str) -> list[Zone]:
        """The public zones that hold a part of a domain: those above it, its own and those below it."""
        return [zone for zone in self._public() if within(domain, zone.name) or within(zone.name, domain)]

    def forget(self) -> None:
        self._kept = None

    def listing(self, zone: Zone, domain: str) -> list[RecordSet]:
        """The records of a zone at and below a domain; none when the zone is gone."""
        try:
            with calling(f"ListResourceRecordSets of zone {zone.name}", expected=["NoSuchHostedZone"]):
                return list(self._subtree(zone, domain))
        except Expected:
            self.forget()
            return []

    def change(self, zone: Zone, changes: Sequence[Change], comment: str) -> str | None:
        """Submits a batch. The id of the change while it is on its way to the name servers, else None."""
        entries = [{"Action": change.action, "ResourceRecordSet": change.record.request()} for change in changes]
        batch: Any = {"Comment": comment, "Changes": entries}
        expected = ["InvalidChangeBatch", "InvalidInput", "NoSuchHostedZone"]
        try:
            with calling(f"ChangeResourceRecordSets of zone {zone.name}", expected=expected):
                info = self._client.change_resource_record_sets(HostedZoneId=zone.id, ChangeBatch=batch)["ChangeInfo"]
        except Expected as refusal:
            self.forget()
            raise Refused(f"ChangeResourceRecordSets of zone {zone.name}: {refusal}") from None
        return None if info["Status"] == "INSYNC" else info["Id"]

    def in_sync(self, change: str) -> bool:
        """Whether all name servers know the change; also when Route53 no longer knows it."""
        try:
            with calling(f"GetChange of {change}", expected=["NoSuchChange"]):
                return self._client.get_change(Id=change)["ChangeInfo"]["Status"] == "INSYNC"
        except Expected:
            return True

    def _public(self) -> list[Zone]:
        kept = self._kept
        if kept is not None and self._now() < kept[0] + ZONES_KEPT_SECONDS:
            return kept[1]
        asked = self._now()
        with calling("ListHostedZones"):
            pages = self._client.get_paginator("list_hosted_zones").paginate()
            zones = [
                Zone(zone["Id"], normal(zone["Name"]))
                for page in pages
                for zone in page["HostedZones"]
                if not zone.get("Config", {}).get("PrivateZone", False)
            ]
        self._kept = (asked, zones)
        return zones

    def _subtree(self, zone: Zone, domain: str) -> Iterator[RecordSet]:
        """Listings are sorted by the labels in reverse order, so that a domain and what is below it come together."""
        reverse = _reversed(domain)
        start = domain if within(domain, zone.name) else zone.name
        following = {"StartRecordName": start}
        while following:
            page = self._page(zone, following)
            for listed in page["ResourceRecordSets"]:
                record = from_listing(listed)
                if within(record.name, domain):
                    yield record
                elif not _reversed(record.name).startswith(reverse):
                    return
            following = {
                f"Start{part}": page[f"Next{part}"]
                for part in ("RecordName", "RecordType", "RecordIdentifier")
                if page["IsTruncated"] and f"Next{part}" in page
            }

    def _page(self, zone: Zone, start: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._client.list_resource_record_sets(HostedZoneId=zone.id, **start)


def _reversed(name: str) -> str:
    return ".".join(reversed(name.split(".")))
