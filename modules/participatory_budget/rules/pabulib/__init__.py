"""The `.pb` format, in which cities publish participatory budget votes (pabulib.org/format).

read(stream, *, minor_digits=2, allow_repeats=False) -> PbFile(header, ballots)     reader
write(stream, header, ballots, *, minor_digits=2)                                  writer
PbHeader, PbProject, PbBallot, VoteType                                            parts
PbError(line, column, code, values), PbCode                                        errors

A file is UTF-8 text with three sections, META, PROJECTS and VOTES; each has a title line, a line of column
names, and rows of fields between semicolons, quoted as in CSV. Money is written in whole units of the
currency, with a point or a comma before the cents; here it is always in minor units.
"""
