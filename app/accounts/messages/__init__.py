"""Messages of the city to very many people: written by one, looked at by another, told through what people chose."""
