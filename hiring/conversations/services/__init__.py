"""What people do in conversations. Each verb asks for the permission again."""
