"""The home inside Saleor core; the only package that imports saleor."""
