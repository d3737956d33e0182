"""A signature is a small JSON file beside the signed one: digest, size and time of the data, key and signature.

What is signed is not the JSON but one fixed text made from it, so that no two readings of a document can differ.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from tidewaiter.ports.advisories import AdvisoryError, DatabaseFacts, Signature

_SCHEMA = "tidewaiter.dev/signature/v1"
_LARGEST = 1 << 16
_KEY_ID = 16


class _Document(msgspec.Struct, frozen=True, kw_only=True):
    schema: str
    sha256: str
    size: int
    built: str
    key: str
    signature: str


def new_key(path: Path) -> str:
    """Write a new private key (PKCS 8, readable by its owner only) and `PATH.pub`; return the key's id. AdvisoryError."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(path, flags, 0o600), "wb") as stream:
            stream.write(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        path.with_name(path.name + ".pub").write_bytes(public)
    except FileExistsError as error:
        raise AdvisoryError(f"{path} exists", "a key is never overwritten: name another file") from error
    except OSError as error:
        raise AdvisoryError(f"{path} cannot be written: {error.strerror or error}", "name another file") from error
    return key_id(private.public_key())


def key_id(key: Ed25519PublicKey) -> str:
    """Return the first hex digits of the SHA-256 of a public key, by which signatures name it."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:_KEY_ID]


def sign(facts: DatabaseFacts, key: Path) -> Signature:
    """Return the signature of a file by a private key file; AdvisoryError."""
    try:
        private = load_pem_private_key(_read(key), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise AdvisoryError(f"{key} is no private key: {error}", "`tidewaiter db key new FILE` makes one") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise AdvisoryError(f"{key} is no Ed25519 key", "`tidewaiter db key new FILE` makes one")
    name = key_id(private.public_key())
    signed = private.sign(_text(facts.sha256, facts.size, facts.built, name))
    return Signature(
        sha256=facts.sha256, size=facts.size, built=facts.built, key=name, value=base64.b64encode(signed).decode()
    )


def write_signature(signature: Signature, path: Path) -> None:
    """Write a signature as a JSON file; AdvisoryError."""
    document = _Document(
        schema=_SCHEMA,
        sha256=signature.sha256,
        size=signature.size,
        built=signature.built,
        key=signature.key,
        signature=signature.value,
    )
    try:
        path.write_bytes(msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n")
    except OSError as error:
        raise AdvisoryError(f"{path} cannot be written: {error.strerror or error}", "check the folder") from error


def read_signature(data: bytes, source: str) -> Signature:
    """Return the signature in a JSON text; AdvisoryError when it is none."""
    try:
        document = msgspec.json.decode(data[:_LARGEST], type=_Document)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise AdvisoryError(f"{source} is no signature: {error}", "`tidewaiter db sign` writes one") from error
    if document.schema != _SCHEMA:
        raise AdvisoryError(f"{source} is a signature of another kind: {document.schema[:60]}", "update tidewaiter")
    return Signature(
        sha256=document.sha256,
        size=document.size,
        built=document.built,
        key=document.key,
        value=document.signature,
    )


class Ed25519Verifier:
    """Verifies signatures with a set of public keys; implements `ports.advisories.Verifier`."""

    def __init__(self, keys: Sequence[Path]) -> None:
        """Read the keys (PEM, SubjectPublicKeyInfo); AdvisoryError."""
        self._keys = {key_id(key): key for key in map(_public, keys)}

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the ids of the keys."""
        return tuple(self._keys)

    def verify(self, facts: DatabaseFacts, signature: Signature) -> None:
        """Raise AdvisoryError unless the signature is by one of the keys and over exactly this file."""
        key = self._keys.get(signature.key)
        if key is None:
            known = ", ".join(self._keys) or "none"
            message = f"signed by the unknown key {signature.key[:_KEY_ID]}; known: {known}"
            raise AdvisoryError(message, "give the publisher's public key with `--key FILE`")
        if (facts.sha256, facts.size, facts.built) != (signature.sha256, signature.size, signature.built):
            raise AdvisoryError("the signature is of another file", "fetch file and signature again, from one place")
        try:
            value = base64.b64decode(signature.value, validate=True)
            key.verify(value, _text(signature.sha256, signature.size, signature.built, signature.key))
        except (InvalidSignature, binascii.Error, ValueError) as error:
            raise AdvisoryError("the signature does not hold", "do not use this file; fetch it again") from error


def _public(path: Path) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(_read(path))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise AdvisoryError(f"{path} is no public key: {error}", "give the file that ends in `.pub`") from error
    if not isinstance(key, Ed25519PublicKey):
        raise AdvisoryError(f"{path} is no Ed25519 key", "give the file that ends in `.pub`")
    return key


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(_LARGEST)
    except OSError as error:
        raise AdvisoryError(f"{path} cannot be read: {error.strerror or error}", "check the path of the key") from error


def _text(sha256: str, size: int, built: str, key: str) -> bytes:
    return f"tidewaiter advisories v1\nsha256 {sha256}\nsize {size}\nbuilt {built}\nkey {key}\n".encode()
