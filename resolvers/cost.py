"""What fields cost, for the limit that is set before anything is executed."""

# pyright: reportUnknownMemberType=false

import strawberry
from strawberry.types.base import StrawberryObjectDefinition

from resolvers.transport.plans.fields import function_of_the_object

#: A worker looks for it in a cluster, a DNS zone and a secret store.
LOOKUP = 500
_LOOKUPS = ("Environment.destroyPlan", "Query.previewServiceUpdate", "Query.leftovers")
#: The items of a page are what is loaded.
_ITEMS = frozenset({"edges", "nodes"})


def field_costs(schema: strawberry.Schema) -> dict[str, int]:
    """Of those fields that do not cost one an object: what comes along with its object costs nothing."""
    costs: dict[str, int] = dict.fromkeys(_LOOKUPS, LOOKUP)
    names = schema.config.name_converter
    for known in schema.schema_converter.type_map.values():
        definition = known.definition
        if isinstance(definition, StrawberryObjectDefinition) and not definition.is_input:
            along = [
                field for field in definition.fields if field.base_resolver is None or function_of_the_object(field)
            ]
            costs |= {
                f"{names.from_type(definition)}.{names.from_field(field)}": 0
                for field in along
                if field.python_name not in _ITEMS
            }
    return costs
