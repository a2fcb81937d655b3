"""Listings as ONIX for Books 3.0 (EDItEUR), in reference tags, the exchange format of the book trade.

`codes` has the code lists as data, `product` builds one record, `message` wraps records with a header.
"""
