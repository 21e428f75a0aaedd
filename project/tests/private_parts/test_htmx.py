"""What islands/src/ assumes of htmx beyond its types, as its source says it: Python cannot run it."""

import re

import pytest

from project.local.paths import NODE_MODULES

SOURCE = NODE_MODULES / "htmx.org" / "dist" / "htmx.esm.js"

pytestmark = pytest.mark.skipif(not SOURCE.exists(), reason="the npm packages are not installed")


def test_extensions_get_morph() -> None:
    text = SOURCE.read_text()
    assert "extension.init(this.#internalAPI)" in text
    assert "morph: this.#morph.bind(this)" in text
    assert "#morph(oldNode, fragment, innerHTML) {" in text


def test_url_is_read_after_the_event_before_the_request() -> None:
    event = r'#trigger\(elt, "htmx:before:request", \{ctx\}\)\) return;'
    assert re.search(
        event + r"\s+let response = await ctx\.fetch\(ctx\.request\.action,", SOURCE.read_text()
    )


def test_a_restored_page_is_requested_with_its_own_header() -> None:
    assert "headers: {'HX-History-Restore-Request': 'true'}" in SOURCE.read_text()
