"""The doctor: tries everything that a running shop depends on, and says what to do about what does not work."""
