"""How a shop must not introduce itself."""

from tests.contracts.table import Bad

CASES = [
    # what, given, field, code, remedy
    Bad("no object", ["name"], "shop", "", "Give each field with its value"),
    Bad("unknown field", {"nmae": "A"}, "nmae", "", "Use one of name, storefront_url"),
    Bad("name a number", {"name": 5}, "name", "", "Write it in quotation marks"),
    Bad("name nothing", {"name": None}, "name", "", "Write it in quotation marks"),
    Bad("name in two lines", {"name": "Alder\nFinch"}, "name", "", "Write it in one line"),
    Bad("name with a NUL", {"name": "Alder\x00Finch"}, "name", "", "Write it in one line"),
    Bad("address in two lines", {"postal_address": "12 Mill Lane\r\nLeeds"}, "postal_address", "", "Write it in one line"),
    Bad("storefront of no scheme", {"storefront_url": "shop.example"}, "storefront_url", "", "Begin it with https://"),
    Bad("storefront a script", {"storefront_url": "javascript:alert(1)"}, "storefront_url", "", "Begin it with https://"),
    Bad("storefront cut off", {"storefront_url": "https://[shop"}, "storefront_url", "", "Begin it with https://"),
    Bad("storefront with a NUL", {"storefront_url": "https://shop.example/\x00"}, "storefront_url", "", "Begin it with https://"),
    Bad("cart without a place for the cart", {"cart_url": "https://shop.example/cart"}, "cart_url", "", "must hold {checkout_id}"),
    Bad("cart with another's place", {"cart_url": "https://shop.example/{token}"}, "cart_url", "", "must hold {checkout_id}"),
    Bad("product without its place", {"product_url": "https://shop.example/p"}, "product_url", "", "must hold {slug}"),
    Bad("sender with a name", {"sender_email": "Shop <hello@shop.example>"}, "sender_email", "", "without a name"),
    Bad("sender no address", {"sender_email": "hello"}, "sender_email", "", "hello@shop.example"),
    Bad("reply to no address", {"reply_to": "@shop.example"}, "reply_to", "", "hello@shop.example"),
    Bad("colour by name", {"colour": "green"}, "colour", "", "Write it as #1f6f5c"),
    Bad("no colour", {"colour": ""}, "colour", "", "Write it as #1f6f5c"),
    Bad("language in words", {"language": "German"}, "language", "", "Write it as en or de-AT"),
    Bad("country in words", {"country": "Germany"}, "country", "", "Write its two letters"),
    Bad("time zone of nowhere", {"time_zone": "Europe/Leeds"}, "time_zone", "", "Write it as Europe/Berlin"),
    Bad("time zone a path", {"time_zone": "../../etc/passwd"}, "time_zone", "", "Write it as Europe/Berlin"),
]  # fmt: skip
