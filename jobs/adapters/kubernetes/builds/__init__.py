"""Builds of git sources: one Job each, in a namespace of their own."""

from jobs.adapters.kubernetes.builds.building import Builds

__all__ = ["Builds"]
