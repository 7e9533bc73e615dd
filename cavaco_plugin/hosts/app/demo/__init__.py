"""The sample shop: real deliveries of a Saleor, replayed as living people, and the mail they get."""
