"""Ideas become projects on the ballot; projects themselves are written by services.projects.

candidates  which ideas could be on the ballot      making     projects of one or several ideas
consents    what authors say to the text            numbering  the order of the projects, drawn by lot
"""
