"""The wire format of protobuf: numbered fields."""

from collections.abc import Iterator

Value = int | bytes

_VARINT, _FIXED_64, _BYTES, _FIXED_32 = 0, 1, 2, 5


class Malformed(Exception):
    """The bytes are no message."""


def fields_of(message: bytes) -> Iterator[tuple[int, Value]]:
    """Number and value of each field, in order: an integer for a varint, bytes for all others. Raises Malformed."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            value, at = _varint(message, at)
            yield number, value
            continue
        if kind == _BYTES:
            size, at = _varint(message, at)
        elif kind in (_FIXED_32, _FIXED_64):
            size = 8 if kind == _FIXED_64 else 4
        else:
            raise Malformed(f"wire type {kind} is not known")
        if at + size > len(message):
            raise Malformed("the message ends inside of a field")
        yield number, message[at : at + size]
        at += size


def signed(value: int) -> int:
    """A varint as a signed number of 64 bits."""
    return value - (1 << 64) if value >= 1 << 63 else value


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise Malformed("the message ends inside of a number")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise Malformed("a number is longer than 64 bits")
