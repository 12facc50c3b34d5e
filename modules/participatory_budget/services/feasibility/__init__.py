"""The examination of ideas by the town hall; nothing else writes to its tables.

settings    the way, criteria, departments            cases      ideas under examination: begin, find, move on
asking      departments are asked, and reminded       answering  what departments say, estimates of cost
verdicts    the decision, its publication, appeals    boards     lists: where all stand, what is late, as a table
"""
