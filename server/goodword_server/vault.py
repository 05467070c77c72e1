"""Secrets at rest: AES-256-GCM with the shop bound in, and keys that rotate."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
_KEY_ID = 4


class Vault:
    """Seals with the first secret, opens with any of them.

    What is sealed begins with the id of its key, so that old rows still open after a rotation.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        self._keys = {}
        for secret in secrets:
            key = HKDF(SHA256(), 32, None, b"goodword vault").derive(secret.encode())
            self._keys[hashlib.sha256(key).digest()[:_KEY_ID]] = AESGCM(key)
        self._first = next(iter(self._keys))

    def seal(self, plain: bytes, shop: str, use: str) -> bytes:
        """Encrypt for one shop and one use; nobody else's row opens in its place."""
        nonce = os.urandom(_NONCE)
        sealed = self._keys[self._first].encrypt(nonce, plain, _bound(shop, use))
        return self._first + nonce + sealed

    def open(self, sealed: bytes, shop: str, use: str) -> bytes:
        """Decrypt; raise `ValueError` if it was sealed for another shop, or with a lost secret."""
        key = self._keys.get(sealed[:_KEY_ID])
        if key is None:
            raise ValueError("sealed with a secret that is no longer among GOODWORD_SECRETS")
        nonce = sealed[_KEY_ID : _KEY_ID + _NONCE]
        try:
            return key.decrypt(nonce, sealed[_KEY_ID + _NONCE :], _bound(shop, use))
        except InvalidTag:
            raise ValueError("not sealed for this shop and use, or tampered with") from None


def _bound(shop: str, use: str) -> bytes:
    return f"{shop}\0{use}".encode()
