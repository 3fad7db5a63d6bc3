"""Who sends a request: by its bearer token."""

import hmac

from starlette.requests import Request

from embedded.kubernetes.access.tokens import Tokens
from embedded.kubernetes.access.users import ADMIN, AUTHENTICATED, User, account_user
from embedded.kubernetes.errors import ApiError, unauthorized
from embedded.kubernetes.objects import part, uid_of
from embedded.kubernetes.store import Store


class Authentication:
    def __init__(self, store: Store, tokens: Tokens, admin_token: str) -> None:
        self._store = store
        self._tokens = tokens
        self._admin_token = admin_token

    def user_of(self, request: Request) -> User:
        """Raises ApiError (401, or 403 for who may not pretend to be somebody else)."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        user = self.user_with(token.strip()) if scheme.lower() == "bearer" else None
        if user is None:
            raise unauthorized()
        pretended = request.headers.get("impersonate-user")
        if not pretended:
            return user
        if not user.may_everything:
            why = f'users "{pretended}" is forbidden: User "{user.name}" cannot impersonate resource "users"'
            raise ApiError(403, "Forbidden", f'{why} in API group "" at the cluster scope')
        groups = request.headers.getlist("impersonate-group")
        return User(pretended, tuple(dict.fromkeys([*groups, AUTHENTICATED])))

    def user_with(self, token: str) -> User | None:
        """The user of a token; None if it is not valid, or its service account is gone."""
        if hmac.compare_digest(token.encode(), self._admin_token.encode()):
            return ADMIN
        claims = self._tokens.claims(token)
        if claims is None:
            return None
        told = part(claims, "kubernetes.io")
        account = part(told, "serviceaccount")
        found = self._store.get("serviceaccounts", told.get("namespace", ""), account.get("name", ""))
        return account_user(found) if found and uid_of(found) == account.get("uid") else None
