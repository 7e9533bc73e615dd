"""Providers on 127.0.0.1: they speak the providers' own protocols, for the demo, the tests and the bench."""
