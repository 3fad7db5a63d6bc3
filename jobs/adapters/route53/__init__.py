"""DNS records in Route53, each with an ownership record beside it."""

from jobs.adapters.route53.zone import Route53Zone

__all__ = ["Route53Zone"]
