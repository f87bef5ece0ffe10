"""The rules that derivations are made of, by subject: calculus, sums, algebra, naming."""
