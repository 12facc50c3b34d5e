"""What the demonstration cities show: their texts, projects and ballots."""
