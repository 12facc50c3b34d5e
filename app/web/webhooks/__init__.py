"""Other programs are told of what happens in a city, by signed messages (Standard Webhooks)."""
