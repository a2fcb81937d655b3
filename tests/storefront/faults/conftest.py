"""Faults happen to the same readers and books as buying."""

from tests.storefront.buying.conftest import _flushable_ledger, book, postman, reader

__all__ = ["_flushable_ledger", "book", "postman", "reader"]
