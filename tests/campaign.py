"""What `make test` leaves to `make campaign`, because its like is among the tests."""

import pytest


def thinned(entries, key, name):
    """The entries as parameters called name(entry); all but the first of each key(entry) for the campaign alone."""
    first = {key(entry): name(entry) for entry in reversed(entries)}
    return [
        pytest.param(entry, id=name(entry), marks=() if first[key(entry)] == name(entry) else pytest.mark.campaign)
        for entry in entries
    ]
