"""Changes to many works at once: what to change, a table of before and after, and undo for a day."""
