"""Ideas of residents, from the first word to the ballot; nothing else writes to their tables.

writing     drafts, handing in, changing, taking back     authors     who else stands for an idea
finding     lists, search, what is alike                   supporting  supports within the edition's limits
commenting  comments, answers, reports                     publishing  when an idea shows, and who hears of it
merging     one idea becomes part of another               hooks       what other parts do when something happens
"""
