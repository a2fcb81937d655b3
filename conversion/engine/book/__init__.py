"""The Book: its closed set of elements (`model.py`) and the functions on it: text, words, language, titles."""
