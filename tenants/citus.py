"""Citus with schema-based sharding: the same schemas over several machines, when one PostgreSQL is outgrown.

Nothing here asks whether Citus is there: on a plain PostgreSQL the setting means nothing and the block does nothing.
"""

SHARD_BY_SCHEMA = "SET LOCAL citus.enable_schema_based_sharding TO on"


def let_in(role: str) -> str:
    """Return what lets the coordinator sign in to other machines as a city's role, where there are others.

    A transaction of a city reaches the machine of its schema under the city's own role. The role gets no password:
    only what pg_hba.conf lets in between the machines can use it.
    """
    return (
        "DO $$ BEGIN IF EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'citus')"
        f' THEN ALTER ROLE "{role}" LOGIN; END IF; END $$'
    )
