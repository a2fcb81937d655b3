"""The library as a person lives in it: the shelf, a page for each book, status, collections, the reading year."""
