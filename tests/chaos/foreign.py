"""What is not ours, planted among what is: it must stay exactly as it was."""

from dataclasses import dataclass

from tests.chaos.outside import Json, Outside


@dataclass(frozen=True)
class Foreign:
    """In the namespace of an environment that did not make it, below its domain, and in its secret store."""

    namespace: str | None
    domain: str
    outside: Outside
    before: Json

    def look(self) -> Json:
        return _look(self.outside, self.namespace, self.domain)

    def untouched(self) -> None:
        now = self.look()
        assert now == self.before, f"was {self.before}, is {now}"


def plant(outside: Outside, name: str, domain: str, *, own_namespace: bool) -> Foreign:
    """`own_namespace`: the namespace is made by the environment, so nothing of others is in it."""
    namespace = None if own_namespace else name
    if namespace is not None:
        outside.create_namespace(namespace)
        outside.create_config_map(namespace, "theirs")
    outside.create_record(f"theirs.{domain}", "198.51.100.7")
    outside.create_secret(f"theirs/{name}")
    return Foreign(namespace, domain, outside, _look(outside, namespace, domain))


def _look(outside: Outside, namespace: str | None, domain: str) -> Json:
    config_map = outside.get("ConfigMap", namespace, "theirs") if namespace else None
    return {
        "config map": config_map,
        "record": outside.records(domain).get((f"theirs.{domain}", "A")),
        "secrets": outside.secrets(f"theirs/{domain.split('.')[0]}"),
    }
