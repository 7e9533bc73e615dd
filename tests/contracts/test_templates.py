"""A template that must not go out is refused by field, code and remedy, and no version of it is kept."""

from cavaco_plugin.content import operations as content
from cavaco_plugin.content.errors import TemplateInvalid
from tests.contracts.cases.templates import CASES, mail
from tests.contracts.conftest import NOW
from tests.contracts.table import Bad, Refusal, assert_refused, rows


def publish(key: str, source: object) -> list[Refusal]:
    try:
        content.publish_template(key=key, source=source, now=NOW)
    except TemplateInvalid as refused:
        return [Refusal(refused.field, refused.code, str(refused))]
    return []


def test_the_template_that_the_table_varies_is_a_good_one(templates: None) -> None:
    assert publish(*mail()) == []


@rows(CASES)
def test_a_bad_template_is_refused(case: Bad, templates: None, nothing_stored: None) -> None:
    assert_refused(case, publish(*case.given))
