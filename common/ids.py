"""Public identifiers such as `edn_7h2k…`, which people and URLs see instead of primary keys."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.db import models

# Crockford's base 32: no i, l, o, u.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 16  # 80 random bits


def public_id(prefix: str) -> str:
    """Return a new identifier: the prefix, an underscore and 16 characters of base 32."""
    return f"{prefix}_{''.join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))}"


if TYPE_CHECKING:
    _CharField = models.CharField[str, str]
else:
    _CharField = models.CharField


class PublicIdField(_CharField):
    """A unique public identifier, created with the row."""

    def __init__(self, prefix: str = "", **kwargs: Any) -> None:
        self.prefix = prefix
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("unique", True)
        kwargs.setdefault("editable", False)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["prefix"] = self.prefix
        return name, path, args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value: str = getattr(model_instance, self.attname) or ""
        if not value:
            value = public_id(self.prefix)
            setattr(model_instance, self.attname, value)
        return value
