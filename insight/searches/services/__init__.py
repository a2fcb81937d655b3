"""The only writers of searches, their keys and the sheets of weeks."""
