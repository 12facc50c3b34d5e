"""What staff do with ideas and comments before and after residents see them.

queue       what waits, with hints                 deciding    publish, ask, merge, refuse, escalate, keep
comments    show and hide comments                 appeals     an author appeals, somebody else judges
reasons     the texts that moderators choose       reach       the districts in which somebody may act
undoing     merged ideas parted again              work        the same as work of the town hall
"""
