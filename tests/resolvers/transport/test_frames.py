"""Texts are framed as the library that speaks the rest of the protocol would frame them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from resolvers.transport.frames import text_frame


def framed(text: bytes) -> bytes:
    return Frame(Opcode.TEXT, text).serialize(mask=False)


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
def test_texts_of_every_size(size: int) -> None:
    assert text_frame(b"x" * size) == framed(b"x" * size)


@given(st.text())
def test_any_text(text: str) -> None:
    assert text_frame(text.encode()) == framed(text.encode())
