"""Pages that combine several features. No other app imports this one."""
