"""Backups: the database and every stored file, taken, checked and restored; and the nightly check of stored files."""
