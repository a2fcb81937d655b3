"""Buying, from the cart to refunds and disputes, one package for each part."""
