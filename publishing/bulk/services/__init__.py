"""Writing bulk edits: `editing` is what the person does, `stepping` what follows for each work."""
