"""Tools of several stages: the cache of parts, helper processes, archives with equal bytes."""
