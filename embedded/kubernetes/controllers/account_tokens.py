"""Fills secrets that ask for a token of a service account."""

import base64
from collections.abc import Iterable

from embedded.kubernetes.access.tokens import Tokens
from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.controllers.loop import Key, itself
from embedded.kubernetes.history import Change
from embedded.kubernetes.objects import annotations_of, is_deleting, metadata, namespace_of, part, uid_of

_TYPE = "kubernetes.io/service-account-token"
_ACCOUNT, _UID = "kubernetes.io/service-account.name", "kubernetes.io/service-account.uid"


class AccountTokens:
    def __init__(self, cluster: Cluster, tokens: Tokens, authority: str) -> None:
        self._cluster = cluster
        self._tokens = tokens
        self._authority = authority

    def concerned(self, change: Change) -> Iterable[Key]:
        return itself(change, "secrets")

    def reconcile(self, key: Key) -> float | None:
        secret = self._cluster.store.get("secrets", *key)
        if secret is None or secret.get("type") != _TYPE or is_deleting(secret) or part(secret, "data").get("token"):
            return
        name = annotations_of(secret).get(_ACCOUNT, "")
        account = self._cluster.store.get("serviceaccounts", namespace_of(secret), name)
        if account is None:
            return
        told = {
            "token": self._tokens.issue(account, None),
            "ca.crt": self._authority,
            "namespace": namespace_of(secret),
        }
        data = {name: base64.b64encode(text.encode()).decode() for name, text in told.items()}
        own = {**metadata(secret), "annotations": {**annotations_of(secret), _UID: uid_of(account)}}
        self._cluster.store.put(self._cluster.resources.named("secrets"), {**secret, "metadata": own, "data": data})
