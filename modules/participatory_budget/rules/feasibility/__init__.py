"""How a city finds out what is possible, at what cost, and who decides; plain Python, no database and no web."""
