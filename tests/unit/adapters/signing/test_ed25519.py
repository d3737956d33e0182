"""Signatures over files."""

import msgspec
import pytest

from tidewaiter.adapters.signing import Ed25519Verifier, new_key, read_signature, sign, write_signature
from tidewaiter.ports.advisories import AdvisoryError, DatabaseFacts

FACTS = DatabaseFacts(built="2026-11-25T00:00:00Z", size=7, sha256="ab" * 32, records=3)


@pytest.fixture
def key(tmp_path):
    """Return the private key of a new pair."""
    new_key(tmp_path / "key")
    return tmp_path / "key"


def public(key):
    """Return the public key beside a private one."""
    return key.with_name(key.name + ".pub")


def test_what_was_signed_verifies(tmp_path, key):
    """A signature written and read again holds for its file, and names its key."""
    write_signature(sign(FACTS, key), tmp_path / "f.sig")
    signature = read_signature((tmp_path / "f.sig").read_bytes(), "f.sig")
    verifier = Ed25519Verifier([public(key)])
    verifier.verify(FACTS, signature)
    assert (signature.key,) == verifier.keys
    assert 0o600 == key.stat().st_mode & 0o777


@pytest.mark.parametrize("field", ["sha256", "size", "built"])
def test_every_field_is_signed(key, field):
    """A signature for another digest, size or time is refused, also when it claims to be for this file."""
    signature = sign(FACTS, key)
    other = msgspec.structs.replace(FACTS, **{field: 8 if field == "size" else "other"})
    verifier = Ed25519Verifier([public(key)])
    with pytest.raises(AdvisoryError, match="of another file"):
        verifier.verify(other, signature)
    claimed = msgspec.structs.replace(signature, **{field: getattr(other, field)})
    with pytest.raises(AdvisoryError, match="does not hold"):
        verifier.verify(other, claimed)


def test_unknown_keys_and_nonsense(tmp_path, key):
    """A signature by somebody else, or one that is no Base64, is refused."""
    new_key(tmp_path / "other")
    signature = sign(FACTS, key)
    with pytest.raises(AdvisoryError, match="unknown key"):
        Ed25519Verifier([public(tmp_path / "other")]).verify(FACTS, signature)
    verifier = Ed25519Verifier([public(key)])
    for value in ("", "!", "AAAA"):
        with pytest.raises(AdvisoryError, match="does not hold"):
            verifier.verify(FACTS, msgspec.structs.replace(signature, value=value))


def test_keys_are_looked_at(tmp_path, key):
    """Wrong kinds of keys are told apart from missing ones; a key is never overwritten."""
    with pytest.raises(AdvisoryError, match="no public key"):
        Ed25519Verifier([key])
    with pytest.raises(AdvisoryError, match="no private key"):
        sign(FACTS, public(key))
    with pytest.raises(AdvisoryError, match="cannot be read"):
        sign(FACTS, tmp_path / "none")
    with pytest.raises(AdvisoryError, match="exists"):
        new_key(key)
    with pytest.raises(AdvisoryError, match="cannot be written"):
        new_key(tmp_path / "none" / "key")


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff", b'{"schema": 1}'])
def test_no_signature(data):
    """A text that is no signature is refused."""
    with pytest.raises(AdvisoryError, match="is no signature"):
        read_signature(data, "f.sig")
    other = b'{"schema":"x","sha256":"","size":1,"built":"","key":"","signature":""}'
    with pytest.raises(AdvisoryError, match="another kind"):
        read_signature(other, "f.sig")
