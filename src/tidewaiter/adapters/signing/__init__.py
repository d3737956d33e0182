"""Detached Ed25519 signatures over files (RFC 8032), and the keys for them."""

from tidewaiter.adapters.signing.ed25519 import Ed25519Verifier, key_id, new_key, read_signature, sign, write_signature

__all__ = ["Ed25519Verifier", "key_id", "new_key", "read_signature", "sign", "write_signature"]
