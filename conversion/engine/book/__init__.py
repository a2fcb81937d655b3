"""The Book: the closed set of elements (`model.py`) and what can be asked of it: text, words, language, titles."""
