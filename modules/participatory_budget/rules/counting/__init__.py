"""The rules that a count can follow, each exact: whole numbers and fractions, never floating point.

counted     Counted, count_marks(kind, rule, groups, projects): what a count of one contest knows
"""
