"""What books are set in, as data: designs, faces, ornaments."""
