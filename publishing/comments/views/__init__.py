"""Pages of comments, and the answers to the editor's script."""
