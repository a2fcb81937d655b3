from __future__ import annotations

from tests.storefront.buying.conftest import book, postman, racing_db, reader, signed_in

__all__ = ["book", "postman", "racing_db", "reader", "signed_in"]
