"""Cavaco for Saleor: the right message to each customer, never too often, never after it stopped being true."""

__version__ = "0.1.0"
