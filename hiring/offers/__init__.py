"""Offers: what a provider does, for whom, at what price, with samples."""
