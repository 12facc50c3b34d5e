"""Tests of the participatory budget."""
