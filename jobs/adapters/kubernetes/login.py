"""The connections and credentials of one cluster, as the official client reads them from a kubeconfig."""

import threading
from collections.abc import Callable
from typing import Any, cast

import urllib3
from kubernetes.client.api_client import ApiClient
from kubernetes.client.exceptions import OpenApiException
from kubernetes.config.config_exception import ConfigException

from jobs.errors import Transient

#: What the official client raises when a token file, an exec plugin or an identity provider fails.
CREDENTIAL_ERRORS = (ConfigException, OpenApiException, OSError, ValueError, urllib3.exceptions.HTTPError)


class Session:
    """One reading of the credentials. Tokens that say when they end are read again by the official client itself."""

    def __init__(self, client: ApiClient) -> None:
        self._client = cast("Any", client)
        self.pool = cast("urllib3.PoolManager", self._client.rest_client.pool_manager)
        self.host = cast("str", self._client.configuration.host).rstrip("/")

    def authorize(self, headers: dict[str, str]) -> None:
        """Adds the credentials to a request. Raises Transient when they can't be refreshed."""
        try:
            self._client.update_params_for_auth(headers, [], ["BearerToken"], "", "", None)
        except CREDENTIAL_ERRORS as error:
            raise Transient(f"The cluster's credentials can't be refreshed: {error}") from error


class Login:
    """Makes a session when the first is needed, and a new one after the cluster has refused the old one."""

    def __init__(self, read: Callable[[], ApiClient]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._session: Session | None = None

    def session(self) -> Session:
        """Raises Transient when the credentials can't be read."""
        with self._lock:
            if self._session is None:
                try:
                    self._session = Session(self._read())
                except CREDENTIAL_ERRORS as error:
                    raise Transient(f"The cluster's credentials can't be read: {error}") from error
            return self._session

    def renew(self) -> None:
        """Reads the credentials anew for the next call: a token file was rotated, or a plugin failed the last time."""
        with self._lock:
            self._session = None
