"""What the home page of a tenant shows: news and votes."""
