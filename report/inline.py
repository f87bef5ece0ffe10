"""Running text in pieces: words, $maths$, `code`, *emphasis* and [links](#label), for the renderers to spell."""

import re

_PIECE = re.compile(
    r"\$(?P<maths>[^$]+)\$|`(?P<code>[^`]+)`|\*(?P<strong>[^*]+)\*|\[(?P<link>[^\]]+)\]\((?P<to>[^)]+)\)"
)


def pieces(text):
    """[(kind, content), …]: kind is "words", "maths", "code", "strong", or "link" with content (words, target)."""
    found, end = [], 0
    for match in _PIECE.finditer(text):
        if match.start() > end:
            found.append(("words", text[end : match.start()]))
        kind = match.lastgroup if match.lastgroup != "to" else "link"
        found.append((kind, (match["link"], match["to"]) if kind == "link" else match[kind]))
        end = match.end()
    if end < len(text):
        found.append(("words", text[end:]))
    return found
