"""The rules that a count can follow, each exact: whole numbers and fractions, never floating point.

counted     Counted, count_marks(kind, rule, groups, projects): what a count of one contest knows
part        Part: one envelope that is to be decided; places: who can still win beside the winners
greedy      along votes, points, value for money or grades; judgement: the order of majority judgement
shares      the Method of Equal Shares (`equal_shares`), with the comparison step; phragmen; optimum
transfers   ContestCount, Settled, decide_all(contests), in_flow(transfers): money from one contest to another

`winners.decide` counts one contest under any of them.
"""
