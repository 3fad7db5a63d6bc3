"""What is really there: a look into the cluster, the zone and the secret store past all of the product's code."""

import json
import ssl
from typing import Any

import boto3
import httpx

from embedded.aws import REGION
from tests.chaos.servers import Servers

Json = dict[str, Any]

ENVIRONMENT = "phaseline.dev/environment"
SERVICE = "phaseline.dev/service"
OPERATION = "phaseline.dev/operation"
#: Paths of the kinds that the product makes for an application.
KINDS = {
    "Deployment": ("/apis/apps/v1", "deployments"),
    "Service": ("/api/v1", "services"),
    "Ingress": ("/apis/networking.k8s.io/v1", "ingresses"),
    "Secret": ("/api/v1", "secrets"),
    "ConfigMap": ("/api/v1", "configmaps"),
    "Pod": ("/api/v1", "pods"),
}


class Outside:
    """Straight to the servers, by no proxy."""

    def __init__(self, servers: Servers) -> None:
        cluster = servers.kubernetes
        self._http = httpx.Client(
            base_url=cluster.url,
            verify=ssl.create_default_context(cafile=cluster.authority),
            headers={"authorization": f"Bearer {cluster.token}"},
            timeout=30,
        )
        options: Any = {"endpoint_url": servers.aws.url, "region_name": REGION}
        options |= {"aws_access_key_id": "embedded", "aws_secret_access_key": "embedded"}
        session: Any = boto3.Session()
        self._route53 = session.client("route53", **options)
        self._secrets = session.client("secretsmanager", **options)
        self._zone = servers.aws.zone_id

    def close(self) -> None:
        self._http.close()
        self._route53.close()
        self._secrets.close()

    def ours(self, environment_id: str) -> dict[str, list[Json]]:
        """Every object of the cluster that is marked as the environment's, by kind."""
        found: dict[str, list[Json]] = {}
        for kind, (root, plural) in {**KINDS, "Namespace": ("/api/v1", "namespaces")}.items():
            query = {"labelSelector": f"{ENVIRONMENT}={environment_id}"}
            answer = self._http.get(f"{root}/{plural}", params=query).raise_for_status().json()
            found[kind] = answer["items"]
        return found

    def get(self, kind: str, namespace: str, name: str) -> Json | None:
        root, plural = KINDS[kind]
        answer = self._http.get(f"{root}/namespaces/{namespace}/{plural}/{name}")
        return None if answer.status_code == 404 else answer.raise_for_status().json()

    def create_namespace(self, name: str) -> None:
        body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        self._http.post("/api/v1/namespaces", json=body).raise_for_status()

    def create_config_map(self, namespace: str, name: str) -> None:
        body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"whose": "theirs"}}
        self._http.post(f"/api/v1/namespaces/{namespace}/configmaps", json=body).raise_for_status()

    def records(self, domain: str) -> dict[tuple[str, str], list[str]]:
        """The record sets at and below a domain."""
        pages = self._route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=self._zone)
        found = {
            (entry["Name"].rstrip("."), str(entry["Type"])): [v["Value"] for v in entry.get("ResourceRecords", [])]
            for page in pages
            for entry in page["ResourceRecordSets"]
        }
        return {key: values for key, values in found.items() if key[0].endswith(domain)}

    def create_record(self, name: str, value: str) -> None:
        record: Any = {"Name": name, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": value}]}
        batch: Any = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
        self._route53.change_resource_record_sets(HostedZoneId=self._zone, ChangeBatch=batch)

    def secrets(self, prefix: str) -> dict[str, Json]:
        """The values of the secrets whose names begin so and that are not deleted."""
        pages = self._secrets.get_paginator("list_secrets").paginate()
        names = [entry.get("Name", "") for page in pages for entry in page["SecretList"] if "DeletedDate" not in entry]
        return {name: self._secret(name) for name in names if name.startswith(prefix)}

    def _secret(self, name: str) -> Json:
        # moto takes another version for the current one than AWS does, unless it is named
        return json.loads(self._secrets.get_secret_value(SecretId=name, VersionStage="AWSCURRENT")["SecretString"])

    def create_secret(self, name: str) -> None:
        self._secrets.create_secret(Name=name, SecretString=json.dumps({"whose": "theirs"}))
