"""Comments on the text of a work: threads about words, kept at these words through corrections and uploads."""
