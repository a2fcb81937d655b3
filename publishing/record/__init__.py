"""The record of a work for shops and libraries: ISBNs, subjects, keywords, licence, names, the blurb (decision 121)."""
