"""A second implementation as the referee: pabutools, in an environment of its own, on the same files as our engine.

pabutools (GPL-3.0) needs a proprietary solver, so it may not stand among our own packages: `environment.py` installs
it elsewhere, `referee.py` runs there and knows nothing of us, `ours.py` runs our engine, `compare.py` compares.
"""
