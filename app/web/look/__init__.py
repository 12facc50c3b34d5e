"""How a city looks: colours, pictures, maps and charts drawn on the server by pure functions."""
