"""Who may act for whom: guardians for children, helpers for people who ask for help."""
