"""Counting millions of ballots: what `rules` says, to the last byte, by columns of numbers instead of one by one."""
