"""How names of Python are spelled for clients."""

from strawberry.schema.name_converter import NameConverter


class RememberedNames(NameConverter):
    """Camel case, as Strawberry spells it. It asks for each argument at each call, so each name is spelled once."""

    def __init__(self) -> None:
        super().__init__()
        self._spelled: dict[str, str] = {}

    def apply_naming_config(self, name: str) -> str:
        if name not in self._spelled:
            self._spelled[name] = super().apply_naming_config(name)
        return self._spelled[name]
