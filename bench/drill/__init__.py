"""The drill of disaster: a shop that sells is destroyed, and restored from what its backups hold."""
