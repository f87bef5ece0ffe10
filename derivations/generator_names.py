"""The names of a normal form's generators and polynomials, which are also the keys of the generators made from them."""


class Names:
    """field: the quotients that the polynomials belong to; keys: of its generators, in order.

    units: {name of t: u}, where the exponential of t is e^{ut}.
    """

    def __init__(self, field, keys, units):
        self._field, self._keys, self._units = field, keys, units

    def monomial(self, powers):
        return "·".join(self.called(i) + (f"^{power}" if power != 1 else "") for i, power in powers.items()) or "1"

    def term(self, powers, coefficient):
        return (
            f"{coefficient}·{self.monomial(powers)}"
            if powers and coefficient != 1
            else (self.monomial(powers) if powers else str(coefficient))
        )

    def polynomial(self, polynomial):
        return "(" + " + ".join(self.term(*term) for term in self._field.terms(polynomial)) + ")"

    def factors(self, denominator):
        names = ((self.polynomial(self._field.factor(number)), power) for number, power in denominator.items())
        return "".join(sorted(f"/{name}^{power}" for name, power in names))

    def called(self, index):
        """The generator's name."""
        kind, name, *_ = self._keys[index]
        if kind == "exp":
            unit = self._units[name]
            return f"exp({name if unit == 1 else f'{unit}·{name}'})"
        return name if kind == "var" else f"{kind}{name}"
