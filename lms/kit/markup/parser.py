"""The one parser: CommonMark with tables, notes, tasks, callouts and formulas, its rules in their order."""

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

from lms.kit.markup.blocks import (
    dress_tables,
    drop_stock_titles,
    make_figures,
    read_old_callouts,
    take_callout_marks,
)
from lms.kit.markup.drawing import use_drawing
from lms.kit.markup.emphasis import HangulInline
from lms.kit.markup.formulas import use_formulas
from lms.kit.markup.headings import place_headings, take_given_anchors
from lms.kit.markup.links import resolve_links
from lms.kit.markup.raw import read_raw

NESTING = 30


def _normalised(address: str) -> str:
    """Names of the course stay as they are written; they are keys, not addresses."""
    return address if address.startswith(("asset:", "activity:")) else normalizeLink(address)


def make_parser() -> MarkdownIt:
    """A parser may be shared by threads: what one rendering knows is in its ``env``."""
    md = MarkdownIt("zero")
    md.inline = HangulInline()
    md.configure("commonmark", {"maxNesting": NESTING, "tasklists": True, "alerts": True})
    md.enable(["table", "strikethrough"])
    md.normalizeLink = _normalised  # type: ignore[assignment, method-assign]
    md.use(footnote_plugin, inline=False)
    md.use(gfm_autolink_plugin)
    md.disable("gfm_autolink_www")
    use_formulas(md)
    md.core.ruler.before("inline", "given_anchors", take_given_anchors)
    md.core.ruler.before("inline", "callout_marks", take_callout_marks)
    for rule in (
        drop_stock_titles,
        read_old_callouts,
        read_raw,
        place_headings,
        resolve_links,
        make_figures,
        dress_tables,
    ):
        md.core.ruler.push(rule.__name__, rule)
    use_drawing(md)
    for ruler in (md.core.ruler, md.block.ruler, md.inline.ruler, md.inline.ruler2):
        ruler.getRules("")  # the rules are compiled on first use, which two threads must not do at once
    return md


PARSER = make_parser()
