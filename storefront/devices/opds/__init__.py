"""OPDS catalogues: what a feed says, and its writers as OPDS 1.2 (Atom) and OPDS 2.0 (JSON). Plain Python."""
