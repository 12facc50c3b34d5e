"""The rules of a participatory budget; plain Python, no database and no web.

Signatures that the rest of the module builds on:

ballots     BallotType, BallotRule, Option, Problem(Code), Remaining;
            check_choices(choices, options, rule, *, district=None), remaining(choices, options, rule),
            obstacle(option, left, rule), encode_choices(choices), decode_choices(stored)
phases      Stage (stored), Phase (shown), Window; phase_at, may_extend and may_count(stage, window, at)
checklist   Setup, Task, Check; opening_checklist(setup, at), may_open(setup, at)
tally       Tally.of(projects), .add(choices, times=1), .merge(other); count(ballots, projects)
ties        TieBreak, Contender, Tie
ordering    shuffled(items, seed, number): the order in which a reader sees projects
outcomes    Method, Rule, Reason(Code), Outcome, Spending, Decision
equal_shares  Completion, Purchase, Shares; equal_shares(ballots, contenders, money, *, completion, step, tie_break),
            prefers(ballots, one, other)
winners     decide(votes, contenders, rule, *, excluded=None, ballots=None)
proof       receipt(value), read_receipt(text), leaf(code), merkle_root(leaves), file_digest(stream)
pabulib     read(stream) -> PbFile(header, ballots), write(stream, header, ballots), anonymous(ballots),
            PbHeader, PbProject, PbBallot, VoteType, PbError(line, column, code, values), PbCode
protocol    Protocol, Entry; write_protocol(protocol) -> JSON text, read_protocol(values), DocumentError
verify      verify(pb_stream, protocol_values) -> VerifyReport(agrees, differences, error, …)
"""
