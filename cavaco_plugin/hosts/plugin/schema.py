"""Our fields in Saleor's own schema, put there before Saleor builds it."""

import logging
import sys
from importlib import import_module
from typing import Any

import graphene
from django.conf import settings
from graphene.types.utils import yank_fields_from_attrs

from cavaco_plugin import __version__
from cavaco_plugin.api import costs
from cavaco_plugin.api.access import home
from cavaco_plugin.api.scalars import scalars
from cavaco_plugin.hosts.plugin import requester

logger = logging.getLogger(__name__)


def join() -> None:
    """Add our queries, mutations and fields, what they cost, and a cache key of their own.

    Where another plugin has had the schema built already, the shop goes on without our fields.
    """
    if "saleor.graphql.api" in sys.modules:
        logger.critical(
            "Cavaco's GraphQL fields are missing: another plugin imported saleor.graphql.api while "
            "Django started. Move that import into a function."
        )
        return
    scalars["DateTime"] = import_module("saleor.graphql.core.scalars").DateTime
    home.requester = requester.requester_of
    home.denied = requester.denied
    home.reads_from = requester.reads_from
    _extend_entry_points()
    _extend_user()
    _declare_costs()
    _renew_introspection()


def _extend_entry_points() -> None:
    """saleor.graphql.api mixes these two classes into its Query and Mutation."""
    ours: Any = import_module("cavaco_plugin.api.schema")
    core: Any = import_module("saleor.graphql.core.schema")

    class CoreQueries(ours.MessagingQueries, core.CoreQueries):
        pass

    class CoreMutations(ours.MessagingMutations, core.CoreMutations):
        pass

    core.CoreQueries, core.CoreMutations = CoreQueries, CoreMutations


def _extend_user() -> None:
    field = import_module("cavaco_plugin.api.profile_fields").user_profile_field()
    user = import_module("saleor.graphql.account.types").User
    user._meta.fields.update(
        yank_fields_from_attrs({"messaging_profile": field}, _as=graphene.Field)
    )


def _declare_costs() -> None:
    """Without an entry a field is free, and a query could ask for it without end."""
    cost_map: dict[str, Any] = import_module("saleor.graphql.query_cost_map").COST_MAP
    cost_map["Query"].update(costs.QUERY_COSTS)
    cost_map.setdefault("User", {}).update(costs.USER_COSTS)
    cost_map.update(costs.TYPE_COSTS)


def _renew_introspection() -> None:
    """Saleor keeps introspection for a week; ours must not be missing from a kept answer."""
    suffix = getattr(settings, "GRAPHQL_CACHE_SUFFIX", None)
    if suffix is not None:
        settings.GRAPHQL_CACHE_SUFFIX = f"{suffix}-cavaco{__version__}"
