"""Offers of services, portfolios and the pages that show who is available for work."""
