"""Prints the schema: `python -m resolvers.print_schema > schema/schema.graphql`."""

import sys

from resolvers.schema import make_schema

if __name__ == "__main__":
    sys.stdout.write(f"{make_schema().as_str()}\n")
