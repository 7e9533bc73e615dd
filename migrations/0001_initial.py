"""The tables of every stage."""

import cavaco_plugin.kernel.ids
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Profile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(
                        default=cavaco_plugin.kernel.ids.new_public_id, max_length=20, unique=True
                    ),
                ),
                ("first_name", models.CharField(default="", max_length=256)),
                ("last_name", models.CharField(default="", max_length=256)),
                ("language", models.CharField(default="", max_length=35)),
                ("country", models.CharField(default="", max_length=2)),
                ("time_zone", models.CharField(default="", max_length=64)),
                ("time_zone_source", models.CharField(default="", max_length=24)),
                ("traits", models.JSONField(default=dict)),
                ("personal_cap", models.JSONField(null=True)),
                ("paused_until", models.DateTimeField(null=True)),
                ("orders_count", models.IntegerField(default=0)),
                ("orders_total", models.JSONField(default=dict)),
                ("first_order_at", models.DateTimeField(null=True)),
                ("last_order_at", models.DateTimeField(null=True)),
                ("as_of", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="absorbed",
                        to="cavaco.profile",
                    ),
                ),
            ],
            options={
                "db_table": "cavaco_profile",
                "permissions": [("manage_messaging", "Manage messaging.")],
            },
        ),
        migrations.CreateModel(
            name="Flow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(max_length=255)),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("active", "Active"), ("paused", "Paused")],
                        default="draft",
                        max_length=8,
                    ),
                ),
                ("template_key", models.CharField(default="", max_length=64)),
                ("activated_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "db_table": "cavaco_flow",
            },
        ),
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField(unique=True)),
                ("definition", models.JSONField()),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(default="", max_length=255)),
            ],
            options={
                "db_table": "cavaco_policy_version",
            },
        ),
        migrations.CreateModel(
            name="ShopSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sales_channel", models.CharField(default="", max_length=255, unique=True)),
                ("values", models.JSONField(default=dict)),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "db_table": "cavaco_shop_settings",
            },
        ),
        migrations.CreateModel(
            name="Template",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
                ("channel", models.CharField(max_length=16)),
                ("name", models.CharField(max_length=255)),
                ("topic", models.CharField(max_length=64)),
                ("purpose", models.CharField(max_length=16)),
                ("is_shipped", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "cavaco_template",
            },
        ),
        migrations.CreateModel(
            name="Watermark",
            fields=[
                ("name", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("position_at", models.DateTimeField()),
                ("detail", models.JSONField(default=dict)),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "db_table": "cavaco_watermark",
            },
        ),
        migrations.CreateModel(
            name="CapRing",
            fields=[
                (
                    "profile",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="cavaco.profile",
                    ),
                ),
                (
                    "sends",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
            ],
            options={
                "db_table": "cavaco_cap_ring",
            },
        ),
        migrations.CreateModel(
            name="ConsentRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=16)),
                ("topic", models.CharField(max_length=64)),
                ("sales_channel", models.CharField(default="", max_length=255)),
                ("address", models.CharField(default="", max_length=254)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("granted", "Granted"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("source", models.CharField(max_length=64)),
                ("wording", models.TextField(default="")),
                ("wording_version", models.CharField(default="", max_length=64)),
                ("ip_address", models.GenericIPAddressField(null=True)),
                ("proof", models.JSONField(default=dict)),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("idempotency_key", models.CharField(max_length=200, unique=True)),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consent_records",
                        to="cavaco.profile",
                    ),
                ),
            ],
            options={
                "db_table": "cavaco_consent_record",
            },
        ),
        migrations.CreateModel(
            name="ConsentState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=16)),
                ("topic", models.CharField(max_length=64)),
                ("sales_channel", models.CharField(default="", max_length=255)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("granted", "Granted"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("occurred_at", models.DateTimeField()),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consent_states",
                        to="cavaco.profile",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="cavaco.consentrecord"
                    ),
                ),
            ],
            options={
                "db_table": "cavaco_consent_state",
            },
        ),
        migrations.CreateModel(
            name="ContactPoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("user", "User"), ("email", "Email"), ("phone", "Phone")],
                        max_length=8,
                    ),
                ),
                ("value", models.CharField(max_length=254)),
                ("written", models.CharField(default="", max_length=254)),
                ("verified_at", models.DateTimeField(null=True)),
                ("first_seen_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_points",
                        to="cavaco.profile",
                    ),
                ),
            ],
            options={
                "db_table": "cavaco_contact_point",
            },
        ),
        migrations.CreateModel(
            name="CustomerCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("shop_user_id", models.CharField(max_length=64, unique=True)),
                ("email", models.CharField(default="", max_length=254)),
                ("is_confirmed", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("consent_declaration", models.CharField(default="", max_length=255)),
                ("joined_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField()),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "profile",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to="cavaco.profile"
                    ),
                ),
            ],
            options={
                "db_table": "cavaco_customer",
            },
        ),
        migrations.CreateModel(
            name="DailyCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("flow_id", models.BigIntegerField(default=0)),
                ("step_id", models.CharField(default="", max_length=64)),
                ("channel", models.CharField(max_length=16)),
                ("state", models.CharField(max_length=12)),
                ("reason", models.CharField(default="", max_length=32)),
                ("messages", models.IntegerField()),
                ("price", models.DecimalField(decimal_places=5, default=0, max_digits=16)),
                ("price_currency", models.CharField(default="", max_length=3)),
            ],
            options={
                "db_table": "cavaco_daily_count",
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "day",
                            "flow_id",
                            "step_id",
                            "channel",
                            "state",
                            "reason",
                            "price_currency",
                        ),
                        name="cavaco_daily_count_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FlowVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField()),
                ("definition", models.JSONField()),
                ("checksum", models.CharField(max_length=32)),
                ("is_shipped", models.BooleanField(default=False)),
                ("published_at", models.DateTimeField()),
                (
                    "flow",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="cavaco.flow",
                    ),
                ),
            ],
            options={
                "db_table": "cavaco_flow_version",
            },
        ),
        migrations.AddField(
            model_name="flow",
            name="active_version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cavaco.flowversion",
            ),
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entry_key", models.CharField(max_length=160)),
                ("live_key", models.CharField(max_length=160, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("live", "Live"),
                            ("completed", "Completed"),
                            ("goal", "Goal"),
                            ("exited", "Exited"),
                            ("failed", "Failed"),
                        ],
                        default="live",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(default="", max_length=64)),
                ("step_id", models.CharField(default="", max_length=64)),
                ("revision", models.IntegerField(default=0)),
                ("visits", models.JSONField(default=dict)),
                ("subject", models.JSONField(default=dict)),
                ("context", models.JSONField(default=dict)),
                ("sales_channel", models.CharField(default="", max_length=255)),
                ("entered_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "profile",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="enrolments",
                        to="cavaco.profile",
                    ),
                ),
                (
                    "flow",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="enrolments",
                        to="cavaco.flow",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="cavaco.flowversion",
                    ),
                ),
            ],
            options={
                "db_table": "cavaco_enrolment",
            },
        ),
        migrations.CreateModel(
            name="MergeLog",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=255)),
                ("moved", models.JSONField()),
                ("merged_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "loser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="merges_lost",
                        to="cavaco.profile",
                    ),
                ),
                (
                    "winner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="merges_won",
                        to="cavaco.profile",
                    ),
                ),
            ],
            options={
                "db_table": "cavaco_merge_log",
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(default=cavaco_plugin.kernel.ids.new_public_id, max_length=20),
                ),
                ("idempotency_key", models.CharField(max_length=200)),
                ("channel", models.CharField(max_length=16)),
                ("purpose", models.CharField(max_length=16)),
                ("topic", models.CharField(max_length=64)),
                ("template_key", models.CharField(max_length=64)),
                ("sales_channel", models.CharField(default="", max_length=255)),
                ("origin", models.CharField(max_length=16)),
                ("step_id", models.CharField(default="", max_length=64)),
                ("subject", models.JSONField(default=dict)),
                ("purchase_proof_since", models.DateTimeField(null=True)),
                ("is_test", models.BooleanField(default=False)),
                ("state", models.CharField(max_length=12)),
                ("reason", models.CharField(default="", max_length=32)),
                ("priority", models.SmallIntegerField(default=50)),
                ("due_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("claim_token", models.CharField(default="", max_length=20)),
                ("lease_until", models.DateTimeField(null=True)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("cap_entry", models.BigIntegerField(null=True)),
                ("address", models.CharField(default="", max_length=254)),
                ("language", models.CharField(default="", max_length=35)),
                ("provider", models.CharField(default="", max_length=32)),
                ("provider_message_id", models.CharField(default="", max_length=255)),
                ("parts", models.SmallIntegerField(null=True)),
                ("price", models.DecimalField(decimal_places=5, max_digits=12, null=True)),
                ("price_currency", models.CharField(default="", max_length=3)),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("final_at", models.DateTimeField(null=True)),
                (
                    "enrolment",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="cavaco.enrolment",
                    ),
                ),
                (
                    "flow",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="cavaco.flow",
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="cavaco.profile",
                    ),
                ),
            ],
            options={
                "db_table": "cavaco_message",
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stage", models.CharField(max_length=10)),
                ("verdict", models.CharField(max_length=6)),
                ("reason", models.CharField(default="", max_length=32)),
                ("rule", models.CharField(default="", max_length=32)),
                ("hold_until", models.DateTimeField(null=True)),
                ("inputs", models.JSONField(default=dict)),
                ("decided_at", models.DateTimeField()),
                (
                    "message",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="cavaco.message",
                    ),
                ),
            ],
            options={
                "db_table": "cavaco_decision",
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.SmallIntegerField()),
                ("provider", models.CharField(max_length=32)),
                ("outcome", models.CharField(max_length=14)),
                ("code", models.CharField(default="", max_length=64)),
                ("detail", models.TextField(default="")),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField()),
                (
                    "message",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempt_rows",
                        to="cavaco.message",
                    ),
                ),
            ],
            options={
                "db_table": "cavaco_attempt",
            },
        ),
        migrations.CreateModel(
            name="OptInRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(
                        default=cavaco_plugin.kernel.ids.new_public_id, max_length=20, unique=True
                    ),
                ),
                ("channel", models.CharField(max_length=16)),
                (
                    "topics",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), size=None
                    ),
                ),
                ("sales_channel", models.CharField(default="", max_length=255)),
                ("address", models.CharField(max_length=254)),
                ("wording", models.TextField(default="")),
                ("wording_version", models.CharField(default="", max_length=64)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="cavaco.profile"
                    ),
                ),
            ],
            options={
                "db_table": "cavaco_opt_in_request",
            },
        ),
        migrations.CreateModel(
            name="OrderCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("shop_order_id", models.CharField(max_length=64, unique=True)),
                ("number", models.CharField(default="", max_length=64)),
                ("checkout_token", models.CharField(db_index=True, default="", max_length=64)),
                ("sales_channel", models.CharField(default="", max_length=255)),
                ("email", models.CharField(db_index=True, default="", max_length=254)),
                ("phone", models.CharField(default="", max_length=32)),
                ("user_id", models.CharField(db_index=True, default="", max_length=64)),
                ("language", models.CharField(default="", max_length=35)),
                ("country", models.CharField(default="", max_length=2)),
                ("currency", models.CharField(default="", max_length=3)),
                ("total", models.DecimalField(decimal_places=3, default=0, max_digits=20)),
                ("refunded_total", models.DecimalField(decimal_places=3, default=0, max_digits=20)),
                ("lines", models.JSONField(default=list)),
                ("tracking_number", models.CharField(default="", max_length=255)),
                ("consent_declaration", models.CharField(default="", max_length=255)),
                ("placed_at", models.DateTimeField()),
                ("fulfilled_at", models.DateTimeField(null=True)),
                ("refunded_at", models.DateTimeField(null=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField()),
                ("is_backfill", models.BooleanField(default=False)),
                (
                    "profile",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to="cavaco.profile"
                    ),
                ),
            ],
            options={
                "db_table": "cavaco_order",
            },
        ),
        migrations.CreateModel(
            name="PathEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.IntegerField()),
                ("step_id", models.CharField(max_length=64)),
                ("step_type", models.CharField(max_length=32)),
                ("action", models.CharField(max_length=32)),
                ("detail", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                (
                    "enrolment",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="path",
                        to="cavaco.enrolment",
                    ),
                ),
            ],
            options={
                "db_table": "cavaco_path_entry",
            },
        ),
        migrations.CreateModel(
            name="ProviderHealth",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=16)),
                ("provider", models.CharField(max_length=32)),
                ("state", models.CharField(default="closed", max_length=12)),
                ("failures", models.IntegerField(default=0)),
                ("opened_at", models.DateTimeField(null=True)),
                ("retry_at", models.DateTimeField(null=True)),
                ("stopped_reason", models.TextField(default="")),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "db_table": "cavaco_provider_health",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "provider"), name="cavaco_health_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProviderSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=16)),
                ("provider", models.CharField(max_length=32)),
                ("is_active", models.BooleanField(default=True)),
                ("values", models.JSONField(default=dict)),
                ("sealed_secrets", models.JSONField(default=dict)),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "db_table": "cavaco_provider_settings",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "provider"), name="cavaco_provider_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True)),
                        fields=("channel",),
                        name="cavaco_provider_one_active",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StoredReceipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("provider", models.CharField(max_length=32)),
                ("event_id", models.CharField(max_length=255)),
                ("receipt", models.JSONField()),
                ("received_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(null=True)),
                ("result", models.CharField(default="", max_length=32)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("retry_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "cavaco_receipt",
                "indexes": [
                    models.Index(
                        condition=models.Q(("applied_at", None)),
                        fields=["id"],
                        name="cavaco_receipt_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "event_id"), name="cavaco_receipt_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InboundMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=16)),
                ("address", models.CharField(max_length=254)),
                ("text", models.TextField()),
                ("keyword", models.CharField(default="", max_length=16)),
                ("received_at", models.DateTimeField()),
                (
                    "profile",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to="cavaco.profile"
                    ),
                ),
                (
                    "receipt",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, to="cavaco.storedreceipt"
                    ),
                ),
            ],
            options={
                "db_table": "cavaco_inbound_message",
            },
        ),
        migrations.CreateModel(
            name="DeliveryEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("is_machine", models.BooleanField(default=False)),
                ("code", models.CharField(default="", max_length=64)),
                ("detail", models.TextField(default="")),
                ("occurred_at", models.DateTimeField()),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="delivery_events",
                        to="cavaco.message",
                    ),
                ),
                (
                    "receipt",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="cavaco.storedreceipt",
                    ),
                ),
            ],
            options={
                "db_table": "cavaco_delivery_event",
            },
        ),
        migrations.CreateModel(
            name="StoreEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=32)),
                ("key", models.CharField(max_length=160)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("checkout", "Checkout"),
                            ("order", "Order"),
                            ("customer", "Customer"),
                        ],
                        max_length=16,
                    ),
                ),
                ("subject_id", models.CharField(max_length=64)),
                ("occurred_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("payload", models.JSONField(null=True)),
                ("is_backfill", models.BooleanField(default=False)),
                ("handled_at", models.DateTimeField(null=True)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("retry_at", models.DateTimeField(null=True)),
                ("error", models.TextField(default="")),
                ("email", models.CharField(default="", max_length=254)),
                ("checkout_token", models.CharField(default="", max_length=64)),
            ],
            options={
                "db_table": "cavaco_store_event",
                "indexes": [
                    models.Index(
                        condition=models.Q(("handled_at__isnull", True)),
                        fields=["id"],
                        name="cavaco_event_open",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("handled_at__isnull", True),
                            ("kind", "order"),
                            models.Q(("email", ""), _negated=True),
                        ),
                        fields=["email"],
                        name="cavaco_event_open_email",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("handled_at__isnull", True),
                            ("kind", "order"),
                            models.Q(("checkout_token", ""), _negated=True),
                        ),
                        fields=["checkout_token"],
                        name="cavaco_event_open_checkout",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "key"), name="cavaco_event_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=16)),
                ("address_hash", models.CharField(max_length=64)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("hard_bounce", "Hard Bounce"),
                            ("complaint", "Complaint"),
                            ("carrier_opt_out", "Carrier Opt Out"),
                            ("manual", "Manual"),
                            ("legal", "Legal"),
                            ("erased", "Erased"),
                        ],
                        max_length=16,
                    ),
                ),
                ("detail", models.CharField(default="", max_length=255)),
                ("created_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_by", models.CharField(default="", max_length=255)),
            ],
            options={
                "db_table": "cavaco_suppression",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("channel", "address_hash", "reason"),
                        name="cavaco_suppression_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TemplateVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField()),
                ("source", models.JSONField()),
                ("compiled", models.JSONField()),
                ("checksum", models.CharField(max_length=64)),
                ("published_at", models.DateTimeField()),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="cavaco.template",
                    ),
                ),
            ],
            options={
                "db_table": "cavaco_template_version",
            },
        ),
        migrations.AddField(
            model_name="template",
            name="active_version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cavaco.templateversion",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="template_version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="cavaco.templateversion",
            ),
        ),
        migrations.CreateModel(
            name="Timer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("enrolment", "Enrolment"), ("quiet", "Quiet")], max_length=10
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("revision", models.IntegerField()),
                ("due_at", models.DateTimeField()),
                (
                    "flow",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="cavaco.flow",
                    ),
                ),
            ],
            options={
                "db_table": "cavaco_timer",
            },
        ),
        migrations.CreateModel(
            name="CheckoutCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.CharField(max_length=64, unique=True)),
                ("sales_channel", models.CharField(default="", max_length=255)),
                ("email", models.CharField(default="", max_length=254)),
                ("phone", models.CharField(default="", max_length=32)),
                ("user_id", models.CharField(default="", max_length=64)),
                ("language", models.CharField(default="", max_length=35)),
                ("country", models.CharField(default="", max_length=2)),
                ("currency", models.CharField(default="", max_length=3)),
                ("total", models.DecimalField(decimal_places=3, default=0, max_digits=20)),
                ("lines", models.JSONField(default=list)),
                ("activity_fingerprint", models.CharField(default="", max_length=32)),
                ("activity_at", models.DateTimeField(null=True)),
                ("activity_revision", models.IntegerField(default=0)),
                ("episode", models.IntegerField(default=0)),
                ("is_completing", models.BooleanField(default=False)),
                ("is_paid", models.BooleanField(default=False)),
                ("consent_declaration", models.CharField(default="", max_length=255)),
                ("updated_at", models.DateTimeField()),
                ("completed_at", models.DateTimeField(null=True)),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "profile",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to="cavaco.profile"
                    ),
                ),
            ],
            options={
                "db_table": "cavaco_checkout",
                "indexes": [
                    models.Index(fields=["profile", "-activity_at"], name="cavaco_checkout_person")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="consentrecord",
            index=models.Index(
                fields=["profile", "channel", "topic"], name="cavaco_consent_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="consentstate",
            constraint=models.UniqueConstraint(
                fields=("profile", "channel", "topic", "sales_channel"),
                name="cavaco_consent_state_once",
            ),
        ),
        migrations.AddIndex(
            model_name="contactpoint",
            index=models.Index(fields=["profile", "kind"], name="cavaco_contact_point_person"),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=models.UniqueConstraint(
                fields=("kind", "value"), name="cavaco_contact_point_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="flowversion",
            constraint=models.UniqueConstraint(
                fields=("flow", "number"), name="cavaco_flow_number"
            ),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(fields=["profile", "-entered_at"], name="cavaco_enrolment_person"),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(
                fields=("flow", "entry_key"), name="cavaco_enrolment_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("live_key__isnull", False)),
                fields=("flow", "live_key"),
                name="cavaco_enrolment_live",
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["message", "id"], name="cavaco_decision_message"),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["message", "number"], name="cavaco_attempt_message"),
        ),
        migrations.AddIndex(
            model_name="ordercopy",
            index=models.Index(fields=["profile", "-placed_at"], name="cavaco_order_person"),
        ),
        migrations.AddIndex(
            model_name="ordercopy",
            index=models.Index(
                condition=models.Q(("phone", ""), _negated=True),
                fields=["phone"],
                name="cavaco_order_phone",
            ),
        ),
        migrations.AddIndex(
            model_name="pathentry",
            index=models.Index(fields=["enrolment", "id"], name="cavaco_path_enrolment"),
        ),
        migrations.AddIndex(
            model_name="deliveryevent",
            index=models.Index(fields=["message", "id"], name="cavaco_delivery_message"),
        ),
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.UniqueConstraint(
                fields=("template", "number"), name="cavaco_template_number"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("final_at__isnull", True)),
                fields=["state", "priority", "due_at"],
                name="cavaco_message_open",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["profile", "-id"], name="cavaco_message_person"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["enrolment"], name="cavaco_message_enrolment"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("provider_message_id", ""), _negated=True),
                fields=["provider", "provider_message_id"],
                name="cavaco_message_provider",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["final_at"], name="cavaco_message_final"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=("public_id",), name="cavaco_message_public"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                fields=("idempotency_key",), name="cavaco_message_once"
            ),
        ),
        migrations.AddIndex(
            model_name="timer",
            index=models.Index(fields=["due_at"], name="cavaco_timer_due"),
        ),
        migrations.AddConstraint(
            model_name="timer",
            constraint=models.UniqueConstraint(
                fields=("kind", "flow", "subject_id"), name="cavaco_timer_once"
            ),
        ),
    ]
