"""Users: the admin, service accounts, and whom an admin pretends to be."""

from dataclasses import dataclass

from embedded.kubernetes.objects import Object, name_of, namespace_of

MASTERS, AUTHENTICATED = "system:masters", "system:authenticated"
_ACCOUNTS = "system:serviceaccounts"


@dataclass(frozen=True)
class User:
    name: str
    groups: tuple[str, ...]

    @property
    def may_everything(self) -> bool:
        return MASTERS in self.groups


ADMIN = User("kubernetes-admin", (MASTERS, AUTHENTICATED))


def account_user(account: Object) -> User:
    namespace = namespace_of(account)
    name = f"system:serviceaccount:{namespace}:{name_of(account)}"
    return User(name, (_ACCOUNTS, f"{_ACCOUNTS}:{namespace}", AUTHENTICATED))
