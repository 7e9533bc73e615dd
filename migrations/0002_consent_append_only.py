"""A consent record is proof: the database refuses to change or delete one, but for an erasure."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION cavaco_refuse_consent_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('cavaco.erasing', true) = 'on' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'cavaco_consent_record is append-only; add a record that says otherwise'
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER cavaco_consent_record_append_only
    BEFORE UPDATE OR DELETE ON cavaco_consent_record
    FOR EACH ROW EXECUTE FUNCTION cavaco_refuse_consent_change();
"""

BACKWARDS = """
DROP TRIGGER cavaco_consent_record_append_only ON cavaco_consent_record;
DROP FUNCTION cavaco_refuse_consent_change();
"""


class Migration(migrations.Migration):
    dependencies = [("cavaco", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
