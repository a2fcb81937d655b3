"""The pages of bulk edits, in order: choose books, choose what to change, look at the table, apply, undo."""
