"""Buying, from the cart to refunds and disputes, with one package for each part."""
