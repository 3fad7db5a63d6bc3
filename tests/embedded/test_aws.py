"""The embedded AWS: its state, ids and address survive whatever ends it."""

import json
import os
import signal
import threading
from pathlib import Path
from typing import Any

import boto3
import httpx

from embedded import aws as embedded_aws
from embedded.aws import RunningAws


def clients(server: RunningAws) -> tuple[Any, ...]:
    session: Any = boto3.Session("embedded", "embedded", region_name="us-east-1")
    return tuple(session.client(name, endpoint_url=server.url) for name in ("route53", "secretsmanager"))


def change(action: str, value: str) -> dict[str, Any]:
    record = {"Name": "web.phaseline.test", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": value}]}
    return {"Changes": [{"Action": action, "ResourceRecordSet": record}]}


def test_state_survives_kill_9(tmp_path: Path) -> None:
    first = embedded_aws.start(tmp_path)
    route53, secrets = clients(first)
    route53.change_resource_record_sets(HostedZoneId=first.zone_id, ChangeBatch=change("CREATE", "192.0.2.1"))
    arn = secrets.create_secret(Name="kept", SecretString="{}", Tags=[{"Key": "k", "Value": "v"}])["ARN"]
    secrets.create_secret(Name="gone", SecretString="{}")
    secrets.delete_secret(SecretId="gone", RecoveryWindowInDays=7)
    deleted = secrets.describe_secret(SecretId="gone")["DeletedDate"]
    os.killpg(first.process.pid, signal.SIGKILL)
    first.stop()

    second = embedded_aws.start(tmp_path)
    try:
        assert (second.url, second.zone_id) == (first.url, first.zone_id)
        sets = route53.list_resource_record_sets(HostedZoneId=second.zone_id)["ResourceRecordSets"]
        assert [entry["Type"] for entry in sets] == ["NS", "SOA", "A"]
        described = secrets.describe_secret(SecretId="kept")
        assert (described["ARN"], described["Tags"]) == (arn, [{"Key": "k", "Value": "v"}])
        assert secrets.get_secret_value(SecretId="kept")["SecretString"] == "{}"
        assert secrets.describe_secret(SecretId="gone")["DeletedDate"] == deleted
        # what was created before the restart can be deleted after it
        route53.change_resource_record_sets(HostedZoneId=second.zone_id, ChangeBatch=change("DELETE", "192.0.2.1"))
        assert json.loads((tmp_path / "state.json").read_text())
        assert (tmp_path / "state.json").stat().st_mode & 0o777 == 0o600
    finally:
        second.stop()


def test_many_clients_at_once_lose_nothing(tmp_path: Path) -> None:
    server = embedded_aws.start(tmp_path)

    def create(number: int) -> None:
        secrets.create_secret(Name=f"secret-{number}", SecretString="{}")

    try:
        _, secrets = clients(server)
        threads = [threading.Thread(target=create, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(json.loads((tmp_path / "state.json").read_text())["secrets"]["us-east-1"]) == 20
    finally:
        server.stop()


def test_serves_its_two_services_and_no_web_page(tmp_path: Path) -> None:
    server = embedded_aws.start(tmp_path)
    try:
        assert httpx.get(f"{server.url}/moto-api/data.json").status_code == 404
        answer = httpx.options(server.url, headers={"Origin": "http://evil.test"})
        assert "access-control-allow-origin" not in answer.headers
    finally:
        server.stop()
