"""Last of all: taking the plugin out leaves Saleor as it was."""

import psycopg

TABLES = "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'cavaco%'"
BEAT = "SELECT name FROM django_celery_beat_periodictask WHERE name LIKE 'cavaco%'"
PERMISSIONS = "SELECT codename FROM permission_permission WHERE codename = 'manage_messaging'"
SETTINGS = "SELECT identifier FROM plugins_pluginconfiguration WHERE identifier = 'cavaco'"
TYPES = "SELECT model FROM django_content_type WHERE app_label = 'cavaco'"
MIGRATIONS = "SELECT name FROM django_migrations WHERE app = 'cavaco'"


def test_nothing_of_ours_is_left(saleor, shop, shopper, database, somebody):
    shop.start_checkout(somebody, allows="email")
    saleor.stop_all()
    with psycopg.connect(database, autocommit=True) as connection:
        assert connection.execute(BEAT).fetchall(), "beat had taken our entries in"
        saleor.manage("cavaco_uninstall", "--yes")
        for question in (TABLES, BEAT, PERMISSIONS, SETTINGS, TYPES, MIGRATIONS):
            assert connection.execute(question).fetchall() == [], question
