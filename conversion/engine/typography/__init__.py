"""The typography of books, as data: designs, fonts, ornaments."""
