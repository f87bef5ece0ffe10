"""Hostile: what it raises holds half a character, which no file can hold."""


def forward(o):
    raise ValueError("bad \ud800 text")


def backward(o, g):
    raise ValueError("bad \ud800 text")
