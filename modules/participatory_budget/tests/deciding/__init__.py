"""Tests of the rules that a count can follow."""
