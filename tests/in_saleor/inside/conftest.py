"""Saleor's own fixtures, and our plugin switched on among them."""

import django.test
import pytest
from django.conf import settings as django_settings
from saleor.tests.utils import prepare_test_db_connections

BOTH = {
    django_settings.DATABASE_CONNECTION_DEFAULT_NAME,
    django_settings.DATABASE_CONNECTION_REPLICA_NAME,
}
django.test.TransactionTestCase.databases = BOTH
django.test.TestCase.databases = BOTH
prepare_test_db_connections()

pytest_plugins = [
    "saleor.tests.fixtures",
    *(
        f"saleor.{app}.tests.fixtures"
        for app in (
            "app plugins graphql webhook tax channel page menu warehouse thumbnail order product "
            "site shipping permission giftcard discount checkout attribute account graphql.account "
            "payment webhook.circuit_breaker"
        ).split()
        if app != "webhook.circuit_breaker"
    ),
    "saleor.webhook.tests.circuit_breaker.fixtures",
]

PLUGIN = "cavaco_plugin.hosts.plugin.plugin.CavacoPlugin"


@pytest.fixture
def cavaco(settings):
    """The plugin among Saleor's plugins."""
    settings.PLUGINS = [PLUGIN]


@pytest.fixture
def permission_manage_messaging(db):
    from saleor.permission.models import Permission

    return Permission.objects.get(codename="manage_messaging")
