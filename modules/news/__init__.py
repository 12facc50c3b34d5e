"""News: staff write articles, residents read and subscribe to them."""
