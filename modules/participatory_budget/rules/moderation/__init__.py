"""What staff see and may decide about ideas before others read them; plain Python, no database and no web."""
