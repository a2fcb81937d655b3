"""Dictionaries that a shop may have, to look up words in books.

`manage.py build_dictionaries` reads their sources (`wordnet`, `freedict`) and writes one SQLite file for each
(`files`). A word is looked up (`lookup`) as it stands and by its base forms (`english`, `stems`).
"""
