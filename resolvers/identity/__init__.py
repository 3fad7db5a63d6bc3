"""Who is calling: by a token of an OIDC issuer, by an API token, or, on loopback only, the local admin."""
