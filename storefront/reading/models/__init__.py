"""Models of reading positions."""

from storefront.reading.models.position import Locator, ReadingPosition

__all__ = ["Locator", "ReadingPosition"]
