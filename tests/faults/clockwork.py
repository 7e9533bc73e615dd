"""The order of commits, kept by the database itself.

A trigger draws a number whenever a message is claimed, a consent withdrawn, an order applied or a
checkout completed. Each of these transactions holds the person's lock while it draws and until it
commits; so for one person the order of the numbers is the order of the commits.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

INSTALL = """
CREATE SEQUENCE ticks;
CREATE TABLE tick (number bigint, what text, profile_id bigint, message_id bigint);
CREATE FUNCTION tick() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'cavaco_message' THEN
        INSERT INTO tick VALUES (nextval('ticks'), NEW.state, NEW.profile_id, NEW.id);
    ELSE
        INSERT INTO tick VALUES (nextval('ticks'), TG_ARGV[0], NEW.profile_id, NULL);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tick_message AFTER UPDATE ON cavaco_message FOR EACH ROW
    WHEN (NEW.state <> OLD.state AND NEW.state = 'claimed') EXECUTE FUNCTION tick();
CREATE TRIGGER tick_consent AFTER INSERT OR UPDATE ON cavaco_consent_state FOR EACH ROW
    WHEN (NEW.state = 'withdrawn') EXECUTE FUNCTION tick('withdrawn');
CREATE TRIGGER tick_order AFTER INSERT ON cavaco_order FOR EACH ROW EXECUTE FUNCTION tick('ordered');
CREATE TRIGGER tick_checkout AFTER UPDATE ON cavaco_checkout FOR EACH ROW
    WHEN (NEW.completed_at IS NOT NULL AND OLD.completed_at IS NULL) EXECUTE FUNCTION tick('ordered');
"""
REMOVE = """
DROP TRIGGER IF EXISTS tick_message ON cavaco_message;
DROP TRIGGER IF EXISTS tick_consent ON cavaco_consent_state;
DROP TRIGGER IF EXISTS tick_order ON cavaco_order;
DROP TRIGGER IF EXISTS tick_checkout ON cavaco_checkout;
DROP FUNCTION IF EXISTS tick;
DROP TABLE IF EXISTS tick;
DROP SEQUENCE IF EXISTS ticks;
"""
# Of each person: what was claimed after the end was committed.
TOO_LATE = """
SELECT t.profile_id, t.message_id FROM tick t JOIN tick e USING (profile_id)
WHERE t.message_id IS NOT NULL AND e.what = %s AND t.number > e.number
"""


@contextmanager
def running() -> Iterator[None]:
    """Count from here on."""
    try:
        _run(REMOVE + INSTALL)
        yield
    finally:
        _run(REMOVE)


def too_late(after: str) -> list[tuple[int, int]]:
    """What was still claimed once that had committed: (profile, message)."""
    return _run(TOO_LATE, after)


def counted(what: str) -> int:
    """How often that happened."""
    return _run("SELECT count(*) FROM tick WHERE what = %s", what)[0][0]


def forget() -> None:
    _run("TRUNCATE tick")


def _run(statement: str, *values: str):
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []
