"""Wrong words about the shop are refused by field and remedy, and the old ones stay."""

import pytest

from cavaco_plugin.store import shop
from tests.contracts.cases.shop import CASES
from tests.contracts.conftest import NOW
from tests.contracts.table import Bad, Refusal, assert_refused, rows, stored


@rows(CASES)
@pytest.mark.django_db
def test_a_wrong_introduction_is_refused(case: Bad) -> None:
    shop.save_identity(values={"name": "Alder & Finch"}, now=NOW)
    before = stored()
    with pytest.raises(shop.InvalidShop) as refused:
        shop.save_identity(values=case.given, now=NOW)
    errors = refused.value.errors.items()
    assert_refused(case, [Refusal(field, "", said) for field, said in errors])
    assert stored() == before
