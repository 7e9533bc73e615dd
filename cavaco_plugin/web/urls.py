"""Our doors, the same below whatever prefix a home puts before them."""

from django.urls import path

from cavaco_plugin.web.confirm import confirm
from cavaco_plugin.web.health import health
from cavaco_plugin.web.preferences import preferences
from cavaco_plugin.web.receipts import receipts
from cavaco_plugin.web.unsubscribe import unsubscribe

urlpatterns = [
    path("receipts/<slug:channel>/<slug:provider>/", receipts),
    path("unsubscribe/<str:token>", unsubscribe),
    path("preferences/<str:token>", preferences),
    path("confirm/<str:token>", confirm),
    path("health/", health),
]
