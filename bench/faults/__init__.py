"""Faults that need real processes: a shop behind nginx, its database, broker and workers are killed and frozen."""
