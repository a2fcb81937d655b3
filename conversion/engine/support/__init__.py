"""Tools shared by several stages: the cache of parts, helper processes, reproducible archives."""
