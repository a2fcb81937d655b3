"""Taking a backup, restoring one, and checking stored files against their checksums."""
