from __future__ import annotations

from tests.storefront.buying.conftest import _flushable_ledger, book, postman, racing_db, reader, signed_in

__all__ = ["_flushable_ledger", "book", "postman", "racing_db", "reader", "signed_in"]
