"""Visits to our pages that change nothing.

`given` is the page, the token (a name in test_links.LINKS, or any text) and the form that is posted.
The answer's status is the code; the words are those of the page, in English.
"""

from tests.contracts.table import Bad

GOOD = {"action": "save", "cap": "none", "pause": "none", "language": "en"}
NOT_OURS = "This link does not work"
NOT_READ = "try once more"

CASES = [
    # what, given, field, code, remedy
    Bad("unsubscribe by nothing", ("unsubscribe", "x", None), "", 404, NOT_OURS),
    Bad("unsubscribe cut off", ("unsubscribe", "cut", {"action": "unsubscribe"}), "", 404, NOT_OURS),
    Bad("unsubscribe altered", ("unsubscribe", "altered", {"List-Unsubscribe": "One-Click"}), "", 404, NOT_OURS),
    Bad("unsubscribe by another page's link", ("unsubscribe", "preferences", {"action": "unsubscribe"}), "", 404, NOT_OURS),
    Bad("unsubscribe of a stranger", ("unsubscribe", "stranger", {"action": "unsubscribe"}), "", 404, NOT_OURS),
    Bad("unsubscribe with a NUL", ("unsubscribe", "a%00b.c.d.e", {"action": "unsubscribe"}), "", 404, NOT_OURS),
    Bad("unsubscribe in another script", ("unsubscribe", "%C3%A9%C3%A9.x.y.z", {"action": "unsubscribe"}), "", 404, NOT_OURS),
    Bad("unsubscribe without a word", ("unsubscribe", "unsubscribe", {}), "", 400, NOT_READ),
    Bad("unsubscribe by an unknown word", ("unsubscribe", "unsubscribe", {"action": "delete"}), "", 400, NOT_READ),
    Bad("one click of another kind", ("unsubscribe", "unsubscribe", {"List-Unsubscribe": "Two-Clicks"}), "", 400, NOT_READ),
    Bad("preferences by nothing", ("preferences", "x", None), "", 404, NOT_OURS),
    Bad("preferences by another page's link", ("preferences", "unsubscribe", GOOD), "", 404, NOT_OURS),
    Bad("preferences without a word", ("preferences", "preferences", {}), "", 400, NOT_READ),
    Bad("a cap that is not offered", ("preferences", "preferences", {**GOOD, "cap": "1000_1"}), "", 400, "Not saved: please choose one of the options shown"),
    Bad("no cap at all", ("preferences", "preferences", {"action": "save", "pause": "none", "language": "en"}), "", 400, "Not saved: please choose one of the options shown"),
    Bad("a pause without an end", ("preferences", "preferences", {**GOOD, "pause": "99999999999"}), "", 400, "Not saved: please choose one of the options shown"),
    Bad("a language we do not speak", ("preferences", "preferences", {**GOOD, "language": "xx"}), "", 400, "Not saved: please choose one of the options shown"),
    Bad("a cap with a NUL", ("preferences", "preferences", {**GOOD, "cap": "1\x00"}), "", 400, "Not saved: please choose one of the options shown"),
    Bad("confirm by nothing", ("confirm", "x", {"action": "confirm"}), "", 404, NOT_OURS),
    Bad("confirm by another page's link", ("confirm", "unsubscribe", {"action": "confirm"}), "", 404, NOT_OURS),
    Bad("confirm without a word", ("confirm", "confirm", {}), "", 400, NOT_READ),
]  # fmt: skip

# What is not a form at all, posted to the page of a good link.
BODIES = [
    Bad("a torn form", b"--edge\r\nContent-Disposition: form-data; name=action\r\n", "", 400, NOT_READ),
    Bad("a form of too many fields", b"a=b&" * 2000, "", 400, "Bad Request"),
]  # fmt: skip
