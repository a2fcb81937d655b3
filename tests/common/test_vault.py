from __future__ import annotations

import pytest
from cryptography.fernet import Fernet

from common import vault

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


class TestVault:
    def test_gives_back_what_was_kept(self):
        token = vault.encrypt("DE89 ä".encode())
        assert b"DE89" not in token
        assert vault.decrypt(token).decode() == "DE89 ä"

    def test_older_keys_still_open(self, settings):
        settings.VAULT_KEYS = [OLD]
        token = vault.encrypt(b"secret")
        settings.VAULT_KEYS = [NEW, OLD]
        assert vault.decrypt(token) == b"secret"
        renewed = vault.reencrypt(token)
        settings.VAULT_KEYS = [NEW]
        assert vault.decrypt(renewed) == b"secret"

    def test_without_its_key_it_stays_closed(self, settings):
        token = vault.encrypt(b"secret")
        settings.VAULT_KEYS = [NEW]
        with pytest.raises(vault.DecryptionFailed):
            vault.decrypt(token)
        with pytest.raises(vault.DecryptionFailed):
            vault.reencrypt(token)

    def test_an_altered_token_is_refused(self):
        token = vault.encrypt(b"secret")
        with pytest.raises(vault.DecryptionFailed):
            vault.decrypt(token[:-2] + b"AA")
