"""Tests of the drafting of the ballot."""
