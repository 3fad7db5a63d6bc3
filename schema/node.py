"""What can be found again by its id alone."""

import strawberry


@strawberry.interface(description="An object with a global id, by which `node` finds it again.")
class Node:
    id: strawberry.ID = strawberry.field(description="Never changes, and is unique among all objects of all types.")
