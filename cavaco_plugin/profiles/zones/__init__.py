"""Which time zone a place lies in: by country, by region of a country, by telephone area."""
