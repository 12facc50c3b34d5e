"""Signing in with another service (OpenID Connect), as a city has set it up."""
