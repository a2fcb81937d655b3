"""The writers of prints, matches and answers."""
