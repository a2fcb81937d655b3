"""What people do with comments. Each verb asks for the permission again."""
