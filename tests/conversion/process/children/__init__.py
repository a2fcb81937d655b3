"""Children that stand in for the real one: a `launch` with their module starts them."""
