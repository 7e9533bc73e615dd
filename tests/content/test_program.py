"""The fast way of rendering and python-liquid's own give the same text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from liquid.exceptions import LiquidError

from cavaco_plugin.content.catalogue import shipped
from cavaco_plugin.content.escaping import html_text, plain
from cavaco_plugin.content.liquid_language import HTML, OURS, TEXT
from cavaco_plugin.content.program import build
from cavaco_plugin.content.samples import sample_variables

paths = st.sampled_from(
    ["shop.name", "shop.colour", "person.first_name", "cart.total", "order.url"]
)
columns = st.sampled_from(["line.name", "line.quantity", "line.variant", "line.url"])
filters = st.sampled_from(
    ["", "", "", " | url", " | upcase", " | colour", " | text_on", " | strip | downcase"]
)
words = st.text(alphabet="ab <>&\"'\n", max_size=6)


def outputs(names):
    return st.tuples(names, filters).map(lambda pair: f"{{{{ {pair[0]}{pair[1]} }}}}")


def conditions(names):
    one = st.tuples(
        names, st.sampled_from(["!=", "=="]), st.sampled_from(["blank", "'a'", '"Maya"'])
    ).map(" ".join)
    return st.one_of(one, st.tuples(one, st.sampled_from([" and ", " or "]), one).map("".join))


def pieces(names):
    leaf = st.one_of(words, outputs(names))

    def branch(inner):
        body = st.lists(inner, max_size=3).map("".join)
        made = st.tuples(
            st.sampled_from(["if", "unless"]),
            conditions(names),
            body,
            conditions(names),
            body,
            body,
        )

        def both(p):
            return f"{{% {p[0]} {p[1]} %}}{p[2]}{{% elsif {p[3]} %}}{p[4]}{{% else %}}{p[5]}{{% end{p[0]} %}}"

        return st.one_of(
            made.map(both),
            st.tuples(conditions(names), body).map(
                lambda p: f"{{% if {p[0]} %}}{p[1]}{{% endif %}}"
            ),
        )

    return st.recursive(leaf, branch, max_leaves=6)


loops = st.lists(pieces(st.one_of(columns, paths)), max_size=3).map(
    lambda body: "{% for line in cart.lines %}" + "".join(body) + "{% endfor %}"
)
templates = st.lists(st.one_of(pieces(paths), loops), max_size=5).map("".join)
values = st.one_of(
    st.text(alphabet="aM <>&\"'é", max_size=5),
    st.just("Maya"),
    st.just("https://a.example/?x=1&y=2"),
)
some_lines = st.lists(
    st.fixed_dictionaries(
        {"name": values, "quantity": st.integers(0, 9), "variant": values, "url": values}
    ),
    max_size=3,
)
some_values = st.fixed_dictionaries(
    {
        "shop": st.fixed_dictionaries(
            {"name": values, "colour": st.sampled_from(["#abc", "#10203f", "x"])}
        ),
        "person": st.fixed_dictionaries({"first_name": st.one_of(values, st.none())}),
        "cart": st.fixed_dictionaries({"total": values, "lines": some_lines}),
        "order": st.fixed_dictionaries({"url": values}),
    }
)


def program(source, environment):
    names = (*OURS, "upcase", "downcase", "capitalize", "strip")
    return build(
        environment.from_string(source).nodes,
        escape=html_text if environment is HTML else plain,
        filters={name: environment.filters[name] for name in names},
    )


@pytest.mark.parametrize("environment", [HTML, TEXT], ids=["html", "text"])
@settings(max_examples=300, deadline=None)
@given(source=templates, variables=some_values)
def test_a_program_gives_what_liquid_gives(environment, source, variables):
    fast = program(source, environment)
    assert fast is not None
    assert fast(variables) == environment.from_string(source).render(**variables)


@pytest.mark.parametrize(
    "source",
    [
        "{% for line in cart.lines limit: 1 %}{{ line.name }}{% endfor %}",
        "{% for line in cart.lines reversed %}{{ line.name }}{% endfor %}",
        "{% for line in cart.lines %}{{ forloop.index }}{% endfor %}",
        "{% for line in cart.lines %}{% for other in cart.lines %}x{% endfor %}{% endfor %}",
        "{% for line in cart.lines %}x{% else %}y{% endfor %}",
        "{{ shop.name | append: 'x' }}",
        "{% assign x = shop.name %}{{ x }}",
        "{% case shop.name %}{% when 'a' %}b{% endcase %}",
        "{% if cart.lines.size > 1 %}x{% endif %}",
        "{{ cart.lines.first.name }}",
        "{{ cart.lines[0].name }}",
        "{{ 'a' }}",
    ],
)
def test_what_a_program_does_not_know_is_left_to_liquid(source):
    assert program(source, HTML) is None
    assert HTML.from_string(source).render(**sample_variables("en")) is not None


def test_the_shipped_templates_all_have_programs(library):
    for entry in shipped():
        for parts in library[entry.key]["languages"].values():
            for name in set(parts) - {"preheader"}:
                assert program(parts[name], HTML if name == "html" else TEXT) is not None, entry.key


def test_a_loop_within_loops_is_stopped():
    loop = "{% for a in cart.lines %}"
    source = loop * 4 + "x" + "{% endfor %}" * 4
    lines = sample_variables("en")["cart"]["lines"] * 5
    with pytest.raises(LiquidError, match="loop iteration limit"):
        HTML.from_string(source).render(cart={"lines": lines})


def test_a_text_that_doubles_itself_is_stopped():
    source = "{% assign a = shop.name %}" + "{% assign a = a | append: a %}" * 40
    with pytest.raises(LiquidError, match="local namespace limit"):
        HTML.from_string(source).render(**sample_variables("en"))
