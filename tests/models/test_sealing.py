"""Sealed values and keyed hashes."""

import hashlib

from models.sealing import Sealer, generate_key


def test_a_fingerprint_is_of_the_text_and_of_a_key() -> None:
    key = generate_key()
    [one] = Sealer(key).fingerprints("1234")

    assert Sealer(key).fingerprints("1234") == [one]
    assert Sealer(key).fingerprints("1235") != [one]
    assert Sealer(generate_key()).fingerprints("1234") != [one]
    assert one != hashlib.sha256(b"1234").hexdigest()


def test_a_fingerprint_is_known_after_a_rotation() -> None:
    old, new = generate_key(), generate_key()
    [before] = Sealer(old).fingerprints("1234")

    after = Sealer(f"{new}, {old}").fingerprints("1234")

    assert after[0] == Sealer(new).fingerprints("1234")[0]
    assert before in after
