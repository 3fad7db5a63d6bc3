"""What the server keeps in its folder, beside its objects."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import yaml

NAME = "embedded"
ADMIN = "admin"


@dataclass(frozen=True)
class Files:
    folder: Path

    @property
    def kubeconfig(self) -> Path:
        return self.folder / "kubeconfig"

    @property
    def authority(self) -> Path:
        """The certificate that clients trust (PEM)."""
        return self.folder / "ca.crt"

    @property
    def certificate(self) -> Path:
        return self.folder / "server.crt"

    @property
    def certificate_key(self) -> Path:
        return self.folder / "server.key"

    @property
    def objects(self) -> Path:
        return self.folder / "objects.db"

    @property
    def port(self) -> Path:
        return self.folder / "kubernetes.port"

    @property
    def admin_token(self) -> Path:
        return self.folder / "admin.token"

    @property
    def signing_key(self) -> Path:
        """Of the tokens of service accounts."""
        return self.folder / "tokens.key"

    def prepare(self) -> None:
        """Makes what is missing at the first start."""
        if not self.authority.exists():
            # slow to import, and needed once
            from embedded.kubernetes import certificates

            certificates.make(self.authority, self.certificate, self.certificate_key)
        for file in (self.admin_token, self.signing_key):
            if not file.exists():
                _write(file, secrets.token_urlsafe(32))

    def write_kubeconfig(self, url: str) -> None:
        """For the admin, who may do everything."""
        configuration = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {"name": NAME, "cluster": {"server": url, "certificate-authority": str(self.authority.resolve())}}
            ],
            "users": [{"name": ADMIN, "user": {"token": self.admin_token.read_text()}}],
            "contexts": [{"name": NAME, "context": {"cluster": NAME, "user": ADMIN, "namespace": "default"}}],
            "current-context": NAME,
        }
        fresh = self.kubeconfig.with_suffix(".new")
        _write(fresh, yaml.safe_dump(configuration, sort_keys=False))
        fresh.replace(self.kubeconfig)


def _write(file: Path, text: str) -> None:
    with open(file, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
        out.write(text)
