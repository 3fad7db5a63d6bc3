"""Questions that are answered and not kept: who am I, may somebody do something, a token please."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from embedded.kubernetes.access.authentication import Authentication
from embedded.kubernetes.access.authorization import Action, is_allowed
from embedded.kubernetes.access.tokens import ISSUER, Tokens
from embedded.kubernetes.access.users import User
from embedded.kubernetes.api.bodies import object_of
from embedded.kubernetes.api.reading import found
from embedded.kubernetes.api.representations import answer
from embedded.kubernetes.api.requests import Target
from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.errors import method_not_allowed
from embedded.kubernetes.objects import Object, now, part, texts, timestamp

_USUAL_SECONDS = 3600


class Reviews:
    def __init__(self, cluster: Cluster, authentication: Authentication, tokens: Tokens) -> None:
        self._cluster = cluster
        self._authentication = authentication
        self._tokens = tokens

    async def review(self, target: Target, request: Request, user: User) -> Response:
        if request.method != "POST":
            raise method_not_allowed()
        sent = await object_of(request, self._cluster.definitions)
        kind = target.resource.kind
        if kind == "TokenReview":
            status = self._token_status(part(sent, "spec").get("token", ""))
        elif kind == "SelfSubjectReview":
            status = {"userInfo": _user_info(user)}
        else:
            spec = part(sent, "spec")
            if kind != "SelfSubjectAccessReview":
                user = User(spec.get("user", ""), tuple(texts(spec, "groups")))
            status = self._access_status(spec, user, target.namespace)
        shown = {"metadata": {}, **sent, "kind": kind, "apiVersion": target.resource.api_version, "status": status}
        return answer(shown, 201)

    async def token(self, target: Target, request: Request) -> Response:
        """TokenRequest: a token of a service account."""
        if request.method != "POST":
            raise method_not_allowed()
        account, sent = found(self._cluster, target), await object_of(request, self._cluster.definitions)
        seconds = part(sent, "spec").get("expirationSeconds") or _USUAL_SECONDS
        status = {
            "token": self._tokens.issue(account, seconds),
            "expirationTimestamp": timestamp(now() + timedelta(seconds=seconds)),
        }
        spec = {"audiences": [ISSUER], **part(sent, "spec"), "expirationSeconds": seconds}
        kinds = {"kind": "TokenRequest", "apiVersion": "authentication.k8s.io/v1"}
        return answer({**kinds, "metadata": part(account, "metadata"), "spec": spec, "status": status}, 201)

    def _token_status(self, token: str) -> Object:
        user = self._authentication.user_with(token)
        return {"authenticated": True, "user": _user_info(user)} if user else {"authenticated": False}

    def _access_status(self, spec: Object, user: User, namespace: str) -> Object:
        asked = part(spec, "resourceAttributes")
        if not asked:
            return {"allowed": user.may_everything}
        subresource = asked.get("subresource")
        resource = f"{asked.get('resource', '')}/{subresource}" if subresource else asked.get("resource", "")
        place = asked.get("namespace") or namespace
        action = Action(asked.get("verb", ""), asked.get("group", ""), resource, place, asked.get("name", ""))
        return {"allowed": is_allowed(self._cluster.store, user, action)}


def _user_info(user: User) -> Object:
    return {"username": user.name, "groups": list(user.groups)}
