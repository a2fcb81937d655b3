"""What KOReader's sync sends and understands: its messages, and its places in the files of a book."""
