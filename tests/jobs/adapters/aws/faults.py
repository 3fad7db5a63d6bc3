"""Requests and errors as AWS has them, for the fault proxy."""

from tests.jobs.adapters.proxy import Answer, Fault, Forward, Request


def name_of(request: Request) -> str:
    """The operation, for both services: by header for Secrets Manager, by path for Route53."""
    target = request.headers.get("X-Amz-Target", "")
    if target:
        return target.partition(".")[2]
    if "/change/" in request.path:
        return "GetChange"
    if "/rrset" in request.path:
        return "ChangeResourceRecordSets" if request.method == "POST" else "ListResourceRecordSets"
    return "ListHostedZones"


def refuse(status: int, code: str, message: str = "no", headers: dict[str, str] | None = None) -> Fault:
    """An error as Route53 says it."""
    body = (
        '<?xml version="1.0"?><ErrorResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Error>'
        f"<Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    )
    return lambda _request, _forward: Answer(status, body.encode(), headers=headers or {})


def refuse_json(status: int, code: str, message: str = "no") -> Fault:
    """An error as Secrets Manager says it."""
    body = f'{{"__type": "{code}", "message": "{message}"}}'
    return lambda _request, _forward: Answer(status, body.encode(), "application/x-amz-json-1.1")


def half_of_a_refusal(_request: Request, _forward: Forward) -> Answer:
    """What is refused and why got lost on the way."""
    body = b'{"__type": "ResourceNotFoundException", "message": "no"}'
    return Answer(404, body, "application/x-amz-json-1.1", cut=len(body) // 2)
