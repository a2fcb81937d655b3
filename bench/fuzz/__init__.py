"""Random documents for all readers; `python -m bench.fuzz` converts thousands."""
