"""Which of our media types a client likes best (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
EVENT_STREAM = "text/event-stream"
HTML = "text/html"


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One entry of an Accept header."""

    type: str
    subtype: str
    quality: float

    def specificity(self, media_type: str) -> int:
        """How exactly it names the media type: 0 not at all, 3 exactly."""
        type_, _, subtype = media_type.partition("/")
        if (self.type, self.subtype) == (type_, subtype):
            return 3
        if (self.type, self.subtype) == (type_, "*"):
            return 2
        return int((self.type, self.subtype) == ("*", "*"))


@lru_cache(256)
def preferred(accept: str, offers: Sequence[str]) -> str | None:
    """The offer with the highest quality; of equals the one that the client names first, then the one we offer first.

    None: no offer is acceptable.
    """
    ranges = _media_ranges(accept) or (MediaRange("*", "*", 1.0),)
    ranked: list[tuple[float, int, int, str]] = []
    for index, offer in enumerate(offers):
        specificity, position = max((entry.specificity(offer), -place) for place, entry in enumerate(ranges))
        quality = ranges[-position].quality
        if specificity and quality > 0:
            ranked.append((-quality, -position, index, offer))
    return min(ranked)[-1] if ranked else None


def _media_ranges(accept: str) -> tuple[MediaRange, ...]:
    return tuple(_media_range(entry) for entry in accept.split(",") if entry.strip())


def _media_range(entry: str) -> MediaRange:
    name, *parameters = (part.strip().lower() for part in entry.split(";"))
    type_, _, subtype = name.partition("/")
    return MediaRange(type_, subtype, _quality(parameters))


def _quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
