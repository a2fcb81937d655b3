"""Whether the market is healthy: a registry of figures, counted each night, with alarms, for operators."""
