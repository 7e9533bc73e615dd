"""Last of all: taking the plugin out leaves Saleor as it was."""

import psycopg

TABLES = "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'cavaco%'"
BEAT = "SELECT name FROM django_celery_beat_periodictask WHERE name LIKE 'cavaco%'"
PERMISSIONS = "SELECT codename FROM permission_permission WHERE codename = 'manage_messaging'"
SETTINGS = "SELECT identifier FROM plugins_pluginconfiguration WHERE identifier = 'cavaco'"
TYPES = "SELECT model FROM django_content_type WHERE app_label = 'cavaco'"
MIGRATIONS = "SELECT name FROM django_migrations WHERE app = 'cavaco'"


def test_nothing_of_ours_is_left(saleor, shop, database, somebody, eventually):
    shop.start_checkout(somebody, allows="email")
    with psycopg.connect(database, autocommit=True) as connection:
        eventually(lambda: connection.execute(BEAT).fetchall(), seconds=120, saying="our beat rows")
        saleor.stop_all()
        saleor.manage("cavaco_uninstall", "--yes")
        for question in (TABLES, BEAT, PERMISSIONS, SETTINGS, TYPES, MIGRATIONS):
            assert connection.execute(question).fetchall() == [], question
