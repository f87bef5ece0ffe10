"""What joins the two rooms: the catalogue, counts of executed operations, measurements, and the pages made of them."""

VERSION = "0.1.0"
