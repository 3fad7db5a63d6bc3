"""How much one client may ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class TransportLimits:
    """Every limit of the endpoint, with safe defaults. Times are in seconds, sizes in bytes."""

    # A document
    tokens: int = 2000
    depth: int = 12
    aliases: int = 15
    directives: int = 5
    root_fields: int = 20
    selections: int = 500
    introspection: bool = True
    introspection_depth: int = 20
    documents_remembered: int = 1000

    #: Reads plain attributes by functions made for the document. Without, the answers are the same and take longer.
    compiled_plans: bool = True

    # What it costs: one an object, times the page, plus `field_costs` ("Type.field")
    cost: int = 25_000
    field_costs: Mapping[str, int] = field(default_factory=dict[str, int])
    assumed_page: int = 20

    # A request: room for all variables that a ConfigMap and a cloud secret hold
    body_size: int = 2 * 1024 * 1024
    variables_size: int = 3 * 512 * 1024
    message_size: int = 2 * 1024 * 1024
    body_seconds: float = 15.0

    # A caller
    mutations_per_minute: int = 120

    # A connection
    connections_per_caller: int = 20
    operations_per_connection: int = 50
    init_seconds: float = 5.0
    ping_seconds: float = 25.0
    pong_seconds: float = 15.0
    idle_seconds: float = 600.0
    keep_alive_seconds: float = 12.0

    # A herd of clients that come back at once: so many subscriptions begin side by side, the others wait in line
    subscriptions_beginning: int = 8

    # A slow reader
    send_seconds: float = 15.0
    backlog_size: int = 1024 * 1024

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, int | float) and not isinstance(value, bool) and value <= 0:
                raise ValueError(f"the limit {name} is {value}; it must be more than 0")
