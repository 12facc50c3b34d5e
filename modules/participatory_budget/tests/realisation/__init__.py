"""Tests of what becomes of chosen projects."""
