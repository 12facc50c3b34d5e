"""Everything that can be done with an edition; nothing else writes to the tables.

editions    make, find, change, move on        projects   the projects on the ballot
casting     drafts, ballots, receipts          closing    seal what was cast
counting    the count, batch by batch          results    what the public gets to see
importing   editions from `.pb` files          publishing files anyone can check
"""
