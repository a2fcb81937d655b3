"""The books on sale: listings, bundles, prices, rankings, and their feeds (ONIX, Atom, RSS)."""
