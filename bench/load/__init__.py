"""Load: two hundred people at once in a shop that runs on this machine with all of its processes."""
