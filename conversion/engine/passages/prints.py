"""The fingerprint of a text: FracMinHash of eight words in a row.

Every run of eight words is hashed, and the hash is a print if it is 0 modulo 128. So two texts share about one print
for 128 runs that they share, wherever these stand and however long the texts are. With MinHash, which keeps a fixed
number of hashes, a short passage of a long book is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

# A change of folding, of what counts as the body or of a number below is a new version: all texts are printed again.
VERSION = 1
RUN = 8
ONE_IN = 128


def prints_of(words: Sequence[str]) -> frozenset[int]:
    """Return the prints of folded words as signed 64-bit numbers."""
    encoded = [word.encode("utf-8", "surrogatepass") for word in words]
    found: set[int] = set()
    for start in range(len(encoded) - RUN + 1):
        digest = blake2b(b" ".join(encoded[start : start + RUN]), digest_size=8).digest()
        if digest[7] % ONE_IN == 0:
            found.add(int.from_bytes(digest, signed=True))
    return frozenset(found)
