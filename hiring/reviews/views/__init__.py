"""Pages of reviews of contracts."""
