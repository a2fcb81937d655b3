"""The only readers of searches. Other figures of the market read `gaps`, `search_fill` and `found_little`."""

from insight.searches.selectors.figures import (
    FillRate,
    Gap,
    LittleRate,
    found_little,
    gaps,
    search_fill,
)

__all__ = ["FillRate", "Gap", "LittleRate", "found_little", "gaps", "search_fill"]
