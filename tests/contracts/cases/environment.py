"""An environment in which the app home must not start: what differs from a good one."""

from tests.contracts.table import Bad

CASES = [
    # what, given, field, code, remedy
    Bad("no key", {"SECRET_KEY": ""}, "SECRET_KEY", "", "a long random text"),
    Bad("no database", {"DATABASE_URL": ""}, "DATABASE_URL", "", "postgresql://user:password@host:5432/name"),
    Bad("another database", {"DATABASE_URL": "mysql://me@host/name"}, "DATABASE_URL", "", "Start it with postgresql://"),
    Bad("database in words", {"DATABASE_URL": "my database"}, "DATABASE_URL", "", "postgresql://user:password@host:5432/name"),
    Bad("database of no known kind", {"DATABASE_URL": "mongodb://host/name"}, "DATABASE_URL", "", "postgresql://user:password@host:5432/name"),
    Bad("database port in words", {"DATABASE_URL": "postgresql://me@host:port/name"}, "DATABASE_URL", "", "postgresql://user:password@host:5432/name"),
    Bad("database cut off", {"DATABASE_URL": "postgresql://[host/name"}, "DATABASE_URL", "", "postgresql://user:password@host:5432/name"),
    Bad("switch in words", {"DEBUG": "perhaps"}, "DEBUG", "", "Set it to true or false"),
    Bad("proxy in words", {"BEHIND_TLS_PROXY": "nginx"}, "BEHIND_TLS_PROXY", "", "Set it to true or false"),
    Bad("public address of no scheme", {"CAVACO_PUBLIC_URL": "messaging.shop.example"}, "CAVACO_PUBLIC_URL", "", "https://messaging.shop.example/"),
    Bad("public address with a query", {"CAVACO_PUBLIC_URL": "https://shop.example/?a=b"}, "CAVACO_PUBLIC_URL", "", "https://messaging.shop.example/"),
    Bad("public address cut off", {"CAVACO_PUBLIC_URL": "https://[shop"}, "CAVACO_PUBLIC_URL", "", "https://messaging.shop.example/"),
    Bad("public port in words", {"CAVACO_PUBLIC_URL": "https://shop.example:port/"}, "CAVACO_PUBLIC_URL", "", "https://messaging.shop.example/"),
    Bad("one Saleor in words", {"CAVACO_SALEOR_API_URLS": "https://a.example/graphql/, b"}, "CAVACO_SALEOR_API_URLS", "", "https://shop.saleor.cloud/graphql/"),
    Bad("mail server in words", {"EMAIL_URL": "my server"}, "EMAIL_URL", "", "smtp://user:password@smtp.example.com:587/"),
    Bad("mail by pigeon", {"EMAIL_URL": "pigeon://roof"}, "EMAIL_URL", "", "smtp://user:password@smtp.example.com:587/"),
    Bad("mail port in words", {"EMAIL_URL": "smtp://host:port"}, "EMAIL_URL", "", "smtp://user:password@smtp.example.com:587/"),
    Bad("broker in words", {"CAVACO_BROKER_URL": "redis"}, "CAVACO_BROKER_URL", "", "redis://127.0.0.1:6379/0"),
    Bad("unknown log level", {"LOG_LEVEL": "LOUD"}, "LOG_LEVEL", "", "DEBUG, INFO, WARNING, ERROR or CRITICAL"),
]  # fmt: skip
