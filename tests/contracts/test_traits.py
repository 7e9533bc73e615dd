"""A trait that can not be kept is refused by name and remedy, and none of its fellows is kept either."""

import pytest

from cavaco_plugin.profiles import operations as profiles
from cavaco_plugin.profiles.models import Profile
from tests.contracts.cases.traits import CASES
from tests.contracts.conftest import NOW
from tests.contracts.table import Bad, Refusal, assert_refused, rows, stored


@rows(CASES)
@pytest.mark.django_db
def test_a_trait_that_can_not_be_kept_is_refused(case: Bad) -> None:
    person = Profile.objects.create(created_at=NOW, updated_at=NOW)
    before = stored()
    with pytest.raises(profiles.InvalidTrait) as refused:
        profiles.update_traits(profile_id=person.pk, traits=case.given, now=NOW)
    assert_refused(case, [Refusal(None, "", str(refused.value))])
    assert stored() == before
