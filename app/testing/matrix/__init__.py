"""Every address asked for by every kind of person: who gets in is written down, and compared with what happens.

The platform's lines are in tests/matrix, a module's in its `tests/matrix.py`. What no line is about fails.
"""
