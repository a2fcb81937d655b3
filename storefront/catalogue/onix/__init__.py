"""Listings as ONIX for Books 3.0 (EDItEUR), in reference tags: what the book trade reads.

`codes` are the lists as data, `product` writes one record, `message` frames records with a header.
"""
