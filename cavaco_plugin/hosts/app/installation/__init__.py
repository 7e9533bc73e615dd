"""Which Saleor this app is installed in: a small Django app of the app home alone."""
