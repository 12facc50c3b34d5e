"""Tests of turnout, census and monitor."""
