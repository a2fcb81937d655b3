from __future__ import annotations

from tests.storefront.buying.conftest import book, postman, reader, signed_in

__all__ = ["book", "postman", "reader", "signed_in"]
