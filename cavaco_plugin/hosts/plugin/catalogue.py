"""What Saleor's catalogue says about variants, for a whole batch in a fixed number of queries."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import graphene
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from saleor.core.utils import build_absolute_uri
from saleor.product import ProductMediaTypes
from saleor.product.models import (
    ProductChannelListing,
    ProductMedia,
    ProductTranslation,
    ProductVariant,
    ProductVariantChannelListing,
)
from saleor.warehouse.models import Stock

IMAGE_SIZE_PX = 256


@dataclass(frozen=True, slots=True)
class Entry:
    """A variant in one sales channel and language."""

    product_id: str = ""
    product_name: str = ""
    product_slug: str = ""
    variant_name: str = ""
    sku: str = ""
    image_url: str = ""
    price: Decimal = Decimal(0)
    is_available: bool = False
    unnamed: str = ""

    def shown_variant_name(self, name: str) -> str:
        """`name`, unless it is the id that Saleor writes for a variant without a name."""
        return "" if name == self.unnamed else name


@dataclass(slots=True)
class Catalogue:
    """The variants of a batch, read once."""

    variants: dict[int, Any] = field(default_factory=dict)
    prices: dict[tuple[int, int], Decimal] = field(default_factory=dict)
    on_sale: set[tuple[int, int]] = field(default_factory=set)
    in_stock: set[int] = field(default_factory=set)
    names: dict[tuple[int, str], str] = field(default_factory=dict)

    def entry(self, variant_id: int | None, *, channel_id: int, language: str) -> Entry:
        """The variant as this sales channel sells it; an empty entry for one that is gone."""
        variant = self.variants.get(variant_id or 0)
        if variant is None:
            return Entry()
        product = variant.product
        price = self.prices.get((variant.pk, channel_id))
        unnamed = graphene.Node.to_global_id("ProductVariant", variant.pk)
        return Entry(
            product_id=str(product.pk),
            product_name=self.names.get((product.pk, language)) or product.name,
            product_slug=product.slug,
            variant_name="" if variant.name in (unnamed, product.name) else variant.name,
            sku=variant.sku or "",
            image_url=_image(product),
            price=price or Decimal(0),
            is_available=price is not None
            and (product.pk, channel_id) in self.on_sale
            and (not variant.track_inventory or variant.pk in self.in_stock),
            unnamed=unnamed,
        )


def read(*, variant_ids: Collection[int], using: str, now: datetime) -> Catalogue:
    """Five queries, however many variants."""
    images = ProductMedia.objects.using(using).filter(type=ProductMediaTypes.IMAGE)
    variants = (
        ProductVariant.objects.using(using)
        .filter(pk__in=variant_ids)
        .select_related("product")
        .prefetch_related(Prefetch("product__media", queryset=images))
    )
    found = {variant.pk: variant for variant in variants}
    products = {variant.product_id for variant in found.values()}
    return Catalogue(
        variants=found,
        prices=_prices(found, using),
        on_sale=_on_sale(products, using, now),
        in_stock=_in_stock(found, using),
        names={
            (row.product_id, row.language_code): row.name
            for row in ProductTranslation.objects.using(using).filter(product_id__in=products)
            if row.name
        },
    )


def _prices(variant_ids: Collection[int], using: str) -> dict[tuple[int, int], Decimal]:
    rows = ProductVariantChannelListing.objects.using(using).filter(
        variant_id__in=variant_ids, price_amount__isnull=False
    )
    return {
        (row.variant_id, row.channel_id): row.discounted_price_amount or row.price_amount
        for row in rows
    }


def _on_sale(product_ids: Collection[int], using: str, now: datetime) -> set[tuple[int, int]]:
    rows = ProductChannelListing.objects.using(using).filter(
        Q(published_at__lte=now) | Q(published_at__isnull=True),
        product_id__in=product_ids,
        is_published=True,
        available_for_purchase_at__lte=now,
    )
    return set(rows.values_list("product_id", "channel_id"))


def _in_stock(variant_ids: Collection[int], using: str) -> set[int]:
    rows = Stock.objects.using(using).filter(
        product_variant_id__in=variant_ids, quantity__gt=F("quantity_allocated")
    )
    return set(rows.values_list("product_variant_id", flat=True))


def _image(product: Any) -> str:
    """A thumbnail by Saleor's own address for it, which also makes it when it is missing."""
    media = next(iter(product.media.all()), None)
    if media is None:
        return ""
    media_id = graphene.Node.to_global_id("ProductMedia", media.pk)
    path = reverse("thumbnail", kwargs={"instance_id": media_id, "size": IMAGE_SIZE_PX})
    return build_absolute_uri(path)
