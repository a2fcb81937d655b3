"""Children that stand in for the real one: `runner.run(child_module=...)` starts them."""
