"""CPU and memory."""

from decimal import Decimal

from models.configuration.rules.finding import Finding, Findings, Subject
from models.names import quote
from models.quantities import BadQuantity, parse_quantity

_FINEST_CPU = Decimal("0.001")
_MOST_CPU = Decimal(1024)
#: What container runtimes ask for at least.
_LEAST_MEMORY = Decimal(4 * 2**20)
_MOST_MEMORY = Decimal(64 * 2**40)


def check_resources(subject: Subject) -> Findings:
    resources = subject.configuration.resources
    yield from _check_pair("cpu", resources.cpu_request, resources.cpu_limit)
    yield from _check_pair("memory", resources.memory_request, resources.memory_limit)


def _check_pair(what: str, request: str | None, limit: str | None) -> Findings:
    request_path, limit_path = ("resources", f"{what}Request"), ("resources", f"{what}Limit")
    problems = [
        Finding(path, f"{path[-1]} {quote(text)} {problem}.")
        for path, text in ((request_path, request), (limit_path, limit))
        if text is not None and (problem := _problem(what, text))
    ]
    yield from problems
    if problems or request is None or limit is None:
        return
    if parse_quantity(limit) < parse_quantity(request):
        yield Finding(
            limit_path,
            f"{what}Limit {quote(limit)} is less than {what}Request {quote(request)}. "
            "Raise the limit or lower the request.",
            (request_path,),
        )


def _problem(what: str, text: str) -> str | None:
    try:
        amount = parse_quantity(text)
    except BadQuantity as bad:
        return str(bad)
    return _cpu_problem(amount) if what == "cpu" else _memory_problem(amount)


def _cpu_problem(amount: Decimal) -> str | None:
    """Kubernetes: nothing finer than 1m."""
    if amount < _FINEST_CPU:
        return "must be at least 1m; null asks for none"
    if amount % _FINEST_CPU:
        return "is finer than 1m; round it to thousandths of a CPU"
    if amount > _MOST_CPU:
        return f"is more than {_MOST_CPU} CPUs; 1 is a whole CPU, 100m a tenth of it"
    return None


def _memory_problem(amount: Decimal) -> str | None:
    if amount < _LEAST_MEMORY:
        return "must be at least 4Mi, below which no container starts; null asks for none"
    if amount % 1:
        return "has a fraction of a byte; give whole bytes"
    if amount > _MOST_MEMORY:
        return "is more than 64Ti"
    return None
