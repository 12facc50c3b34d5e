"""Measurements that can be repeated: each compares in one run, side by side (docs/benchmarks.md)."""
