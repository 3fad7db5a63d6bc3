"""One embedded AWS for all tests here; each test has a zone, environments and a proxy of its own."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from embedded import aws as embedded_aws
from embedded.aws import RunningAws
from jobs.adapters.aws import AwsClients, aws_clients
from jobs.ports import EnvironmentRef, ServiceRef
from models.vocabulary import ServiceKind
from tests.jobs.adapters.aws.faults import name_of
from tests.jobs.adapters.proxy import FaultProxy, fault_proxy

if TYPE_CHECKING:
    from mypy_boto3_route53 import Route53Client

NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAws]:
    running = embedded_aws.start(tmp_path_factory.mktemp("aws"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def credentials(aws: RunningAws) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in aws.environment.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="session")
def clients(aws: RunningAws, credentials: None) -> AwsClients:
    """Straight to the server, to look and to meddle."""
    return aws_clients(aws.url, embedded_aws.REGION, route53_per_second=10_000)


@pytest.fixture(scope="session")
def shared_proxy(aws: RunningAws) -> Iterator[FaultProxy]:
    with fault_proxy(aws.url, name_of) as proxy:
        yield proxy


@pytest.fixture(scope="session")
def shared_proxied(shared_proxy: FaultProxy, credentials: None) -> AwsClients:
    return aws_clients(shared_proxy.url, embedded_aws.REGION, route53_per_second=10_000, timeout=2)


@pytest.fixture
def proxy(shared_proxy: FaultProxy) -> Iterator[FaultProxy]:
    shared_proxy.clear()
    yield shared_proxy
    shared_proxy.clear()


@pytest.fixture
def proxied(shared_proxied: AwsClients, proxy: FaultProxy) -> AwsClients:
    """Through the proxy: what the adapters use."""
    return shared_proxied


@dataclass(frozen=True)
class TestZone:
    """A hosted zone, looked at and meddled with by its owner."""

    __test__ = False

    client: "Route53Client"
    id: str
    name: str

    def contents(self) -> list[Any]:
        """All of it but what Route53 made itself, as listed."""
        pages = self.client.get_paginator("list_resource_record_sets").paginate(HostedZoneId=self.id)
        listed = [entry for page in pages for entry in page["ResourceRecordSets"]]
        return [entry for entry in listed if entry["Type"] not in ("NS", "SOA")]

    def summary(self) -> dict[tuple[str, str], list[str]]:
        return {
            (entry["Name"].removesuffix(f".{self.name}."), entry["Type"]): [
                value["Value"] for value in entry.get("ResourceRecords", [])
            ]
            for entry in self.contents()
        }

    def change(self, action: str, name: str, type_: str, *values: str, ttl: int = 300, **extra: Any) -> None:
        records = {"TTL": ttl, "ResourceRecords": [{"Value": value} for value in values]} if values else {}
        record: Any = {"Name": f"{name}.{self.name}".removeprefix("."), "Type": type_, **records, **extra}
        batch: Any = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
        self.client.change_resource_record_sets(HostedZoneId=self.id, ChangeBatch=batch)


def make_zone(client: "Route53Client", name: str, *, private: bool = False) -> TestZone:
    extra: Any = {"VPC": {"VPCRegion": "us-east-1", "VPCId": "vpc-1"}} if private else {}
    created = client.create_hosted_zone(
        Name=name, CallerReference=str(next(NUMBERS)), HostedZoneConfig={"PrivateZone": private}, **extra
    )
    return TestZone(client, created["HostedZone"]["Id"], name)


@pytest.fixture
def zone(clients: AwsClients) -> TestZone:
    return make_zone(clients.route53, f"zone{next(NUMBERS)}.test")


def make_environment(id_: str, domain: str | None = None) -> EnvironmentRef:
    return EnvironmentRef(id=id_, name="review", project="shop", namespace="review", domain=domain)


def make_service(environment: EnvironmentRef, id_: str = "s1") -> ServiceRef:
    return ServiceRef(environment=environment, id=id_, name=f"name-of-{id_}", kind=ServiceKind.APPLICATION)


@pytest.fixture
def environment(zone: TestZone) -> EnvironmentRef:
    return make_environment(f"e{next(NUMBERS)}", zone.name)


@pytest.fixture
def service(environment: EnvironmentRef) -> ServiceRef:
    return make_service(environment)
