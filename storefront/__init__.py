"""The shop as readers see it: one app for each feature, and `pages` for pages that combine several."""
