"""Readers' bought books, the web reader, wish lists and followed authors."""
