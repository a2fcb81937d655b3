"""The cover of a work: drawn as its author chooses, or their own picture, and the paper of the printed book."""
