"""Faults against the whole product, and what must hold whatever they are: `python -m tests.chaos --help`."""
