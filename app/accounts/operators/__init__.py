"""Operators of the platform: a password and a second factor, their sessions, and their visits to cities."""
