"""Numbers as the site's languages all read them."""


def grouped(number: float) -> str:
    """Return a whole number in groups of three digits with narrow spaces.

    A comma would be read as the decimal comma in some of the site's languages.
    """
    return f"{number:,.0f}".replace(",", "\u202f")
