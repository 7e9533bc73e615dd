"""Rows that change at every move find room on their own page: no index is touched by it."""

from django.db import migrations

TABLES = ("cavaco_enrolment", "cavaco_cap_ring")


class Migration(migrations.Migration):
    """A setting of the tables, nothing of the models."""

    dependencies = [("cavaco", "0002_consent_append_only")]

    operations = [
        migrations.RunSQL(
            sql=f"ALTER TABLE {table} SET (fillfactor = 70)",
            reverse_sql=f"ALTER TABLE {table} RESET (fillfactor)",
        )
        for table in TABLES
    ]
