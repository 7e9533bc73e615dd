"""The tables of every stage, where Django looks for them."""

from cavaco_plugin.analytics.models import DailyCount
from cavaco_plugin.channels.models import ProviderHealth, ProviderSettings
from cavaco_plugin.consent.models import ConsentRecord, ConsentState, OptInRequest, Suppression
from cavaco_plugin.content.models import Template, TemplateVersion
from cavaco_plugin.events.models import StoreEvent, Watermark
from cavaco_plugin.feedback.models import DeliveryEvent, InboundMessage, StoredReceipt
from cavaco_plugin.flows.models import Enrolment, Flow, FlowVersion, PathEntry, Timer
from cavaco_plugin.outbox.models import Attempt, Decision, Message
from cavaco_plugin.policy.models import CapRing, PolicyVersion
from cavaco_plugin.profiles.models import ContactPoint, MergeLog, Profile
from cavaco_plugin.store.models import CheckoutCopy, CustomerCopy, OrderCopy, ShopSettings

__all__ = [
    "Attempt",
    "CapRing",
    "CheckoutCopy",
    "ConsentRecord",
    "ConsentState",
    "ContactPoint",
    "CustomerCopy",
    "DailyCount",
    "Decision",
    "DeliveryEvent",
    "Enrolment",
    "Flow",
    "FlowVersion",
    "InboundMessage",
    "MergeLog",
    "Message",
    "OptInRequest",
    "OrderCopy",
    "PathEntry",
    "PolicyVersion",
    "Profile",
    "ProviderHealth",
    "ProviderSettings",
    "ShopSettings",
    "StoreEvent",
    "StoredReceipt",
    "Suppression",
    "Template",
    "TemplateVersion",
    "Timer",
    "Watermark",
]
