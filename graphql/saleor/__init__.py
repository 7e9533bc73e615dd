"""What we ask a Saleor, as text: `cavaco_plugin.hosts.app.documents` once installed. No code lives here."""
