"""What is allowed with ideas, comments and supports; plain Python, no database and no web."""
