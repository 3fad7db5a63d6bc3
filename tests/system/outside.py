"""What is really there: every kind of the cluster, the zones and the secret store, past all of the product's code."""

import json
import ssl
from collections.abc import Iterator
from typing import Any

import boto3
import httpx
import yaml

from embedded.aws import REGION
from tests.system.running import Json, Phaseline

ENVIRONMENT = "phaseline.dev/environment"
#: Told of others, and gone by themselves.
_NOT_LOOKED_AT = frozenset({"events"})


class Outside:
    """Straight to the servers of a run."""

    def __init__(self, phaseline: Phaseline) -> None:
        config = yaml.safe_load(phaseline.kubeconfig.read_text())
        cluster = config["clusters"][0]["cluster"]
        self._http = httpx.Client(
            base_url=cluster["server"],
            verify=ssl.create_default_context(cafile=cluster["certificate-authority"]),
            headers={"authorization": f"Bearer {config['users'][0]['user']['token']}"},
            timeout=30,
        )
        port = (phaseline.folder / "aws" / "aws.port").read_text().strip()
        options: Any = {"endpoint_url": f"http://127.0.0.1:{port}", "region_name": REGION}
        options |= {"aws_access_key_id": "embedded", "aws_secret_access_key": "embedded"}
        session: Any = boto3.Session()
        self._route53 = session.client("route53", **options)
        self._secrets = session.client("secretsmanager", **options)

    def close(self) -> None:
        self._http.close()
        self._route53.close()
        self._secrets.close()

    def objects(self, environment_id: str) -> list[Json]:
        """Everything in the cluster, of any kind, that is marked as the environment's."""
        return [
            {"kind": kind, **thing}
            for kind, path in self._kinds()
            for thing in self._items(path, labelSelector=f"{ENVIRONMENT}={environment_id}")
        ]

    def in_namespace(self, namespace: str) -> list[Json]:
        """Everything in the namespace, whosever it is."""
        return [
            {"kind": kind, **thing}
            for kind, path in self._kinds()
            for thing in self._items(path)
            if thing["metadata"].get("namespace") == namespace
        ]

    def get(self, path: str) -> Json | None:
        answer = self._http.get(path)
        return None if answer.status_code == 404 else answer.raise_for_status().json()

    def records(self, domain: str) -> dict[tuple[str, str], list[str]]:
        """The record sets of all zones below a domain."""
        zones = [zone["Id"] for zone in self._route53.list_hosted_zones()["HostedZones"]]
        pages = [
            page
            for zone in zones
            for page in self._route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone)
        ]
        return {
            (entry["Name"].rstrip("."), entry["Type"]): [one["Value"] for one in entry.get("ResourceRecords", [])]
            for page in pages
            for entry in page["ResourceRecordSets"]
            if entry["Name"].rstrip(".").endswith(f".{domain}")
        }

    def lead_astray(self, name: str, address: str) -> None:
        """Changes the A record of this name, as somebody with rights in the zone may."""
        zone = next(
            zone["Id"]
            for zone in self._route53.list_hosted_zones()["HostedZones"]
            if f"{name}.".endswith(f".{zone['Name']}")
        )
        record = {"Name": name, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": address}]}
        batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
        self._route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)

    def secrets(self, environment_id: str) -> dict[str, Json]:
        """By name, what the secrets hold that are named after the environment and not deleted."""
        pages = self._secrets.get_paginator("list_secrets").paginate()
        names = [entry["Name"] for page in pages for entry in page["SecretList"] if "DeletedDate" not in entry]
        return {name: self._value(name) for name in names if environment_id in name}

    def _value(self, name: str) -> Json:
        # moto takes another version for the current one than AWS does, unless it is named
        return json.loads(self._secrets.get_secret_value(SecretId=name, VersionStage="AWSCURRENT")["SecretString"])

    def _items(self, path: str, **query: str) -> list[Json]:
        return self._ask(path, **query)["items"]

    def _kinds(self) -> Iterator[tuple[str, str]]:
        """Every kind that can be listed, with the path of all of its objects."""
        groups = self._ask("/apis")["groups"]
        for root in ["/api/v1", *(f"/apis/{group['preferredVersion']['groupVersion']}" for group in groups)]:
            for resource in self._ask(root)["resources"]:
                name = resource["name"]
                if "list" in resource["verbs"] and "/" not in name and name not in _NOT_LOOKED_AT:
                    yield resource["kind"], f"{root}/{name}"

    def _ask(self, path: str, **query: str) -> Json:
        return self._http.get(path, params=query).raise_for_status().json()
