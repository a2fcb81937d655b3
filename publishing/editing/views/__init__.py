"""Pages of a work's text, and the addresses that its editor uses."""
