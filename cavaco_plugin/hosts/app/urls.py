"""The addresses of the app home."""

from django.urls import URLPattern, URLResolver, include, path

from cavaco_plugin.hosts.app import front, graphql, manifest, webhooks

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front.page),
    path("manifest/", manifest.manifest),
    path("register/", manifest.register),
    path("webhooks/saleor/", webhooks.receive),
    path("graphql/", graphql.endpoint),
    path("", include("cavaco_plugin.web.urls")),
]
