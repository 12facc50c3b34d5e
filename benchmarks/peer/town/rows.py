"""The rows that the home page of a tenant is drawn from."""

TITLE = "D''une idée à un projet : ce que vérifient les services"
SUMMARY = (
    "Avant d''arriver sur le bulletin, chaque idée est chiffrée et étudiée. "
    "Voici les trois questions que se posent les services."
)


def fill(schema: str, name: str) -> str:
    """Return the statements that fill one tenant."""
    title, summary = TITLE, SUMMARY
    texts = (
        f"jsonb_build_object('fr', '{title}', 'en', '{title}', 'hu', '{title}', 'es', '{title}'),"
        f" jsonb_build_object('fr', '{summary}', 'en', '{summary}', 'hu', '{summary}', 'es', '{summary}')"
    )
    return f"""
INSERT INTO "{schema}".town_article (status, title, summary, body, published_at, created_at, updated_at)
SELECT 'published', {texts}, jsonb_build_object('fr', repeat('{summary} ', 8)), now() - n * interval '3 days',
       now(), now() FROM generate_series(1, 2) n;
INSERT INTO "{schema}".town_edition (slug, stage, title, summary, budget, opens_at, closes_at)
SELECT '2026', 'voting', jsonb_build_object('fr', 'Budget participatif 2026', 'en', 'Participatory budget, {name}'),
       jsonb_build_object('fr', 'Cinq millions', 'en', 'Five million euros, 32 projects: make your budget.'),
       500000000, now() - interval '10 days', now() + interval '20 days';
INSERT INTO "{schema}".town_project (edition_id, number, title, cost)
SELECT 1, n, jsonb_build_object('fr', 'Projet ' || n, 'en', 'Project ' || n), n * 100000 FROM generate_series(1, 32) n;
INSERT INTO "{schema}".town_turnout (edition_id, hour, voters)
SELECT 1, now() - n * interval '1 hour', 2 FROM generate_series(1, 185) n;
"""
