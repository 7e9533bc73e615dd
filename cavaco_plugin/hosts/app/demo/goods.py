"""What the sample shop sells."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Good:
    """One variant of one product; prices by currency."""

    number: int
    name: str
    variant: str
    slug: str
    price: float

    @property
    def picture(self) -> str:
        """The file's name below the mailbox's pictures/."""
        return f"{self.slug}.svg"


@dataclass(frozen=True, slots=True)
class Line:
    """So many of one good."""

    good: Good
    quantity: int = 1


MUG = Good(101, "Stoneware mug", "Sage", "stoneware-mug", 18.0)
LAMP = Good(102, "Paper lamp", "Warm white", "paper-lamp", 64.0)
THROW = Good(103, "Wool throw", "Oat", "wool-throw", 89.0)
PLANT = Good(104, "Terracotta pot", "Large", "terracotta-pot", 32.0)
BOARD = Good(105, "Olive wood board", "", "olive-wood-board", 41.5)
CANDLE = Good(106, "Beeswax candle", "Set of two", "beeswax-candle", 22.0)
GOODS = (MUG, LAMP, THROW, PLANT, BOARD, CANDLE)
RATES = {"EUR": 1.0, "USD": 1.1, "GBP": 0.85, "PLN": 4.3}


def price_of(good: Good, currency: str) -> float:
    """In a shop's way: whole or half."""
    return round(good.price * RATES[currency] * 2) / 2
